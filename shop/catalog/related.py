"""Which products stand beside another: what an editor chose, else what the shop finds by itself."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from wagtail.models import Page

from cms.restrictions import public
from shop.catalog.cards import Card
from shop.catalog.models import CrossSellProduct, ProductPage, Variant
from shop.catalog.selectors import cards

RELATED = 4
CROSS_SELL = 4
# Lines of a cart that decide what is offered beside it; a long cart costs no more than a short one.
LINES_ASKED = 10
FIRST, LATER = Value(0), Value(1)


def related(product: ProductPage) -> list[Card]:
    """What an editor chose, in that order (in a preview the draft's choice); else others of the same category,
    those of the same brand first. Empty for a page that was never saved and has no choice.
    """
    chosen = [item.product_id for item in product.related_products.all()]
    if chosen:
        return [card for card in cards(chosen) if card.pk != product.pk]
    if product.pk is None:
        return []
    return cards(_nearby([product.path], {product.brand_id}).exclude(pk=product.pk)[:RELATED])


def cross_sell(*, skus: Sequence[str]) -> list[Card]:
    """What to offer to whoever has these SKUs in the cart: products that can be bought and are not in it.

    The editors' choices come first; without any, others of the same categories, those of the same brands first.
    """
    bought = list(
        Variant.objects.filter(sku__in=skus[:LINES_ASKED])
        .order_by("pk")
        .values_list("product_id", "product__path", "product__brand_id")
    )
    if not bought:
        return []
    ids = {pk for pk, _, _ in bought}
    chosen = CrossSellProduct.objects.filter(page__in=ids).exclude(product__in=ids).order_by("sort_order", "pk")
    wanted = list(dict.fromkeys(chosen.values_list("product_id", flat=True)))
    found = [card for card in cards(wanted) if card.available]
    if not found:
        near = _nearby([path for _, path, _ in bought], {brand for _, _, brand in bought})
        found = cards(near.filter(listing__available=True).exclude(pk__in=ids)[:CROSS_SELL])
    return found[:CROSS_SELL]


def _nearby(paths: Collection[str], brands: Collection[int | None]) -> "QuerySet[ProductPage]":
    """Live public products beside those at these paths in the tree; same brand, then available, then newest first."""
    beside = Q()
    for parent in {path[: -Page.steplen] for path in paths}:
        low, high = Page._get_children_path_interval(parent)
        beside |= Q(path__range=(low, high), depth=len(parent) // Page.steplen + 1)
    order: list[Any] = ["-listing__available", "-first_published_at", "-pk"]
    # Without a brand nothing is ranked: a constant in ORDER BY would be the number of a column.
    if named := [brand for brand in brands if brand is not None]:
        order.insert(0, Case(When(brand__in=named, then=FIRST), default=LATER, output_field=IntegerField()))
    return public(ProductPage.objects.live()).filter(beside).order_by(*order)
