"""App configuration."""

from django.apps import AppConfig


class TaxConfig(AppConfig):
    name = "shop.tax"
    label = "tax"

    def ready(self) -> None:
        from shop.cart.adjusters import RANK_TAX, registry
        from shop.pricing.margin import register_tax_rate
        from shop.tax.included import CODE, tell_tax
        from shop.tax.models import TaxSettings

        registry.register(CODE, tell_tax, rank=RANK_TAX)
        register_tax_rate(lambda: TaxSettings.current().rate)
