"""Wiring of stock into the admin."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from shop.inventory.views import LedgerView

PERMISSIONS = ("inventory.add_stockmovement", "inventory.view_stockmovement")


class LedgerMenuItem(MenuItem):
    """Shown to those who may see it."""

    def is_shown(self, request: HttpRequest) -> bool:
        return any(request.user.has_perm(name) for name in PERMISSIONS)


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("reports/stock/", LedgerView.as_view(), name="inventory_ledger"),
        path("reports/stock/results/", LedgerView.as_view(results_only=True), name="inventory_ledger_results"),
    ]


@hooks.register("register_reports_menu_item")
def menu_item() -> MenuItem:
    return LedgerMenuItem("Stock ledger", reverse("inventory_ledger"), icon_name="list-ul", order=710)


@hooks.register("register_permissions")
def permissions() -> "QuerySet[Permission]":
    """What a group may be given on its screen in the settings."""
    names = [name.partition(".")[2] for name in PERMISSIONS]
    return Permission.objects.filter(content_type__app_label="inventory", codename__in=names)
