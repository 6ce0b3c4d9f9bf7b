"""Wiring of prices into the admin."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from shop.pricing.views import PriceHistoryView

PERMISSIONS = ("pricing.add_price", "pricing.view_price")


class PriceHistoryMenuItem(MenuItem):
    """Shown to those who may see it."""

    def is_shown(self, request: HttpRequest) -> bool:
        return any(request.user.has_perm(name) for name in PERMISSIONS)


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("reports/prices/", PriceHistoryView.as_view(), name="pricing_history"),
        path("reports/prices/results/", PriceHistoryView.as_view(results_only=True), name="pricing_history_results"),
    ]


@hooks.register("register_reports_menu_item")
def menu_item() -> MenuItem:
    return PriceHistoryMenuItem("Price history", reverse("pricing_history"), icon_name="history", order=700)


@hooks.register("register_permissions")
def permissions() -> "QuerySet[Permission]":
    """What a group may be given on its screen in the settings."""
    names = [name.partition(".")[2] for name in PERMISSIONS]
    return Permission.objects.filter(content_type__app_label="pricing", codename__in=names)
