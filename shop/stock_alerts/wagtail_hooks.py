"""Wiring into the admin's stock menu."""

from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from shop.inventory.wagtail_hooks import StockMenuItem
from shop.stock_alerts.wanted_views import WantedView


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("stock/wanted/", WantedView.as_view(), name="stock_alerts_wanted"),
        path("stock/wanted/results/", WantedView.as_view(results_only=True), name="stock_alerts_wanted_results"),
    ]


@hooks.register("register_stock_menu_item")
def menu_item() -> MenuItem:
    return StockMenuItem("Waited for", reverse("stock_alerts_wanted"), icon_name="mail", order=25)
