"""Wires the search into the admin."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from search.reports import SearchReportView
from search.viewsets import SearchViewSetGroup

register_snippet(SearchViewSetGroup)


class SearchReportMenuItem(MenuItem):
    """For those who may see it."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(SearchReportView.permission_policy.user_has_any_permission(request.user, {"view", "change"}))


@hooks.register("register_reports_menu_item")
def report_item() -> MenuItem:
    return SearchReportMenuItem("Searches", reverse("search_report"), name="searches", icon_name="search", order=1000)


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("reports/searches/", SearchReportView.as_view(), name="search_report"),
        path("reports/searches/results/", SearchReportView.as_view(results_only=True), name="search_report_results"),
    ]


@hooks.register("register_permissions")
def permissions() -> Any:
    found: QuerySet[Permission] = Permission.objects.filter(
        content_type__app_label="search", codename__in=["view_loggedquery", "change_loggedquery"]
    )
    return found
