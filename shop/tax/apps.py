"""App configuration."""

from django.apps import AppConfig


class TaxConfig(AppConfig):
    name = "shop.tax"
    label = "tax"

    def ready(self) -> None:
        from wagtail.permissions import register_permission_policy

        from shop.cart.adjusters import RANK_TAX, registry
        from shop.catalog import variant_columns
        from shop.pricing.margin import register_tax_rates
        from shop.tax.charging import CODE, charge_tax
        from shop.tax.columns import TaxColumns
        from shop.tax.models import TaxClass, TaxRate
        from shop.tax.permissions import KeptPermissionPolicy
        from shop.tax.rates import rates_inside_prices

        registry.register(CODE, charge_tax, rank=RANK_TAX)
        variant_columns.register(TaxColumns())
        register_tax_rates(rates_inside_prices)
        register_permission_policy(TaxRate, KeptPermissionPolicy(TaxRate, refused={"change", "delete"}))
        register_permission_policy(TaxClass, KeptPermissionPolicy(TaxClass, refused={"delete"}))
