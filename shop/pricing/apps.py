"""App configuration."""

from django.apps import AppConfig


class PricingConfig(AppConfig):
    name = "shop.pricing"
    label = "pricing"

    def ready(self) -> None:
        from shop.catalog import variant_columns
        from shop.catalog.offers import PriceSource, registry
        from shop.pricing import selectors
        from shop.pricing.columns import PriceColumns
        from shop.pricing.cost_columns import CostColumns

        registry.register_prices(
            PriceSource(selectors.quote_expression, selectors.decode_quote, selectors.next_change_expression)
        )
        variant_columns.register(PriceColumns())
        variant_columns.register(CostColumns())
