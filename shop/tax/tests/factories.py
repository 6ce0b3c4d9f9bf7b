"""Classes and rates for tests."""

from datetime import UTC, datetime
from typing import Any

from django.test import TestCase

from shop.catalog.models import Variant
from shop.tax.columns import set_classes
from shop.tax.models import TaxClass, TaxRate

SINCE = datetime(2000, 1, 1, tzinfo=UTC)
BRITISH = (("standard", "Standard rate", 2000), ("reduced", "Reduced rate", 500), ("zero", "Zero rate", 0))


def make_rate(rate: int, country: str = "GB", code: str = "standard", valid_from: datetime = SINCE) -> TaxRate:
    """A rate in basis points; newer than every other that begins at the same moment."""
    return TaxRate.objects.create(
        tax_class=TaxClass.objects.get(code=code), country=country, rate=rate, valid_from=valid_from
    )


def put_in_class(code: str, *skus: str) -> None:
    """Tax these variants in another class."""
    tax_class = TaxClass.objects.get(code=code)
    set_classes(dict.fromkeys(Variant.objects.filter(sku__in=skus).values_list("pk", flat=True), tax_class.pk))


def ensure_rates() -> None:
    """What a new British shop has: 20 %, 5 %, 0 %."""
    if TaxClass.objects.exists():
        return
    for code, name, rate in BRITISH:
        TaxClass.objects.create(code=code, name=name, is_default=code == "standard")
        make_rate(rate, code=code)


def shop_settings(**fields: Any) -> None:
    """Change the shop's settings: ``prices_include_tax``, ``currency``, ``country``, ``tax_label``."""
    from wagtail.models import Site

    from cms.models import ShopSettings

    row, _ = ShopSettings.objects.get_or_create(site=Site.objects.get())
    for name, value in fields.items():
        setattr(row, name, value)
    # The surroundings of pages are computed anew after the transaction.
    with TestCase.captureOnCommitCallbacks(execute=True):
        row.save()
