"""Wires the site into the admin."""

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from storefront.page_guards import has_all_pages


@hooks.register("construct_reports_menu")
def leave_out_reports_that_are_refused(request: HttpRequest, items: list[MenuItem]) -> None:
    if not has_all_pages(request.user, {}):
        items[:] = [item for item in items if item.name != "page-types-usage"]
