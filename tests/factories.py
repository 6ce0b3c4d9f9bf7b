"""Things that several rooms make together."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import product as combinations
from typing import Any

from django.utils import timezone

from shop.catalog import listing
from shop.catalog.models import ProductPage, Variant
from shop.catalog.tests.factories import ProductPageFactory, VariantFactory
from shop.inventory import services as inventory
from shop.inventory.bulk import open_stock
from shop.pricing import services as pricing
from shop.pricing.bulk import open_prices


def make_product(
    *,
    price: int | None = 1250,
    stock: int | None = 10,
    sku: str | None = None,
    compare_at: int | None = None,
    currency: str = "GBP",
    **page: Any,
) -> ProductPage:
    """A live product with one variant that can be bought, and its listing row.

    ``price`` is in minor units (None: not for sale yet), ``compare_at`` what it cost last week, ``stock`` in units
    (None: not counted). Whatever else is given goes to the page: ``title``, ``parent``, ``brand``.
    """
    product: ProductPage = ProductPageFactory(**page)
    add_variant(product, price=price, stock=stock, sku=sku, compare_at=compare_at, currency=currency)
    return product


def add_variant(
    product: ProductPage,
    *,
    options: Iterable[tuple[str, str]] = (),
    price: int | None = 1250,
    stock: int | None = 10,
    sku: str | None = None,
    compare_at: int | None = None,
    currency: str = "GBP",
    **fields: Any,
) -> Variant:
    """Another variant of a product: ``add_variant(mug, options=[("Colour", "Sea")], price=1400)``."""
    if sku:
        fields["sku"] = sku
    fields.setdefault("position", product.variants.count())
    variant: Variant = VariantFactory(product=product, options=[list(pair) for pair in options], **fields)
    if price is not None:
        if compare_at is not None:
            last_week = timezone.now() - timedelta(days=7)
            pricing.set_price(variant=variant, amount=compare_at, currency=currency, valid_from=last_week)
        pricing.set_price(variant=variant, amount=price, compare_at=compare_at, currency=currency)
    if stock is None:
        inventory.set_tracked(sku=variant.sku, tracked=False)
    elif stock:
        inventory.adjust(sku=variant.sku, quantity=stock, kind=inventory.Kind.OPENING)
    listing.refresh([product.pk])
    return variant


def add_combinations(product: ProductPage, *, price: int = 1250, stock: int = 5, **options: list[str]) -> None:
    """Every combination of the options' values in bulk: ``add_combinations(rug, Size=[...], Edge=[...])``."""
    pairs = [[[name, value] for value in values] for name, values in options.items()]
    variants = Variant.objects.bulk_create(
        [
            Variant(product=product, sku=f"{product.slug}-{number}", options=list(found), position=number)
            for number, found in enumerate(combinations(*pairs))
        ]
    )
    open_prices(prices=[pricing.NewPrice(variant.pk, price, "GBP") for variant in variants])
    open_stock(levels={variant.sku: stock for variant in variants})
    listing.refresh([product.pk])
