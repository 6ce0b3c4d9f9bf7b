"""Wiring of stock into the admin."""

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from cms.dashboard import DashboardLink
from shop.inventory.selectors import low_items
from shop.inventory.stock_views import LowStockView, StockItemView, StocktakeView, StockView
from shop.inventory.views import LedgerView
from shop.inventory.viewsets import LocationViewSet

PERMISSIONS = ("inventory.add_stockmovement", "inventory.view_stockmovement")
LOCATIONS = ("inventory.add_stocklocation", "inventory.change_stocklocation")

locations = LocationViewSet()


class StockMenuItem(MenuItem):
    """Shown to those who may see stock."""

    permissions = PERMISSIONS

    def is_shown(self, request: HttpRequest) -> bool:
        return any(request.user.has_perm(name) for name in self.permissions)


class LocationsMenuItem(StockMenuItem):
    """Shown to those who look after locations."""

    permissions = LOCATIONS


@hooks.register("register_admin_viewset")
def viewset() -> LocationViewSet:
    return locations


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("stock/", StockView.as_view(), name="inventory_stock"),
        path("stock/results/", StockView.as_view(results_only=True), name="inventory_stock_results"),
        path("stock/<int:pk>/", StockItemView.as_view(), name="inventory_item"),
        path("stock/count/", StocktakeView.as_view(), name="inventory_stocktake"),
        path("stock/low/", LowStockView.as_view(), name="inventory_low_stock"),
        path("stock/low/results/", LowStockView.as_view(results_only=True), name="inventory_low_stock_results"),
        path("reports/stock/", LedgerView.as_view(), name="inventory_ledger"),
        path("reports/stock/results/", LedgerView.as_view(results_only=True), name="inventory_ledger_results"),
    ]


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    items = [
        StockMenuItem("What there is", reverse("inventory_stock"), icon_name="clipboard-list", order=10),
        StockMenuItem("Low stock", reverse("inventory_low_stock"), icon_name="warning", order=20),
        StockMenuItem("Stocktake", reverse("inventory_stocktake"), icon_name="list-ul", order=30),
        StockMenuItem("Stock ledger", reverse("inventory_ledger"), icon_name="history", order=40),
        LocationsMenuItem("Locations", reverse("stock_locations:index"), icon_name="site", order=50),
    ]
    return SubmenuMenuItem(
        "Stock",
        Menu(register_hook_name="register_stock_menu_item", items=items),
        icon_name="clipboard-list",
        name="stock",
        order=160,
    )


@hooks.register("register_dashboard_links")
def dashboard_links(request: HttpRequest) -> list[DashboardLink]:
    """What runs low, for those who may see it."""
    if not any(request.user.has_perm(name) for name in PERMISSIONS):
        return []
    count = low_items().count()
    text = f"{count} to order again." if count else "Units, locations, stocktake."
    url = reverse("inventory_low_stock" if count else "inventory_stock")
    return [DashboardLink("Stock", text, url, "clipboard-list", order=45)]


@hooks.register("register_permissions")
def permissions() -> "QuerySet[Permission]":
    """What a group may be given on its screen in the settings."""
    movement = Q(content_type__model="stockmovement", codename__in=[name.partition(".")[2] for name in PERMISSIONS])
    location = Q(content_type__model="stocklocation") & ~Q(codename__startswith="delete")
    return Permission.objects.filter(movement | location, content_type__app_label="inventory")
