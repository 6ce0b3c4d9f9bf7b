"""App configuration."""

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "shop.inventory"
    label = "inventory"

    def ready(self) -> None:
        from wagtail.permissions import register_permission_policy

        from shop.catalog import listing_facts, variant_columns
        from shop.catalog.offers import StockSource, registry
        from shop.inventory import selectors, services
        from shop.inventory.columns import StockColumns
        from shop.inventory.models import StockLocation
        from shop.inventory.viewsets import LocationPermissionPolicy

        registry.register_stock(
            StockSource(
                selectors.stock_expression,
                selectors.decode_availability,
                selectors.units_expression,
                selectors.units_here_expression,
                services.rename_sku,
            )
        )
        variant_columns.register(StockColumns())
        listing_facts.register("low_stock", selectors.low_stock)
        register_permission_policy(StockLocation, LocationPermissionPolicy(StockLocation))
