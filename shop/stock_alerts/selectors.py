"""Reading who waits for what, and what of it is back."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, Min, OuterRef, QuerySet, Subquery

from shop.catalog.models import Variant
from shop.catalog.offers import BATCH, Offer, registry
from shop.stock_alerts.models import StockAlert


def sold_variant(*, sku: str) -> Variant | None:
    """The variant of a live product that has this SKU and is on sale; None for others."""
    variants = Variant.objects.filter(sku=sku, active=True, product__live=True).exclude(digital=True)
    return variants.select_related("product").first()


def is_here(offer: Offer) -> bool:
    """Whether it can be bought and sent now; what may be ordered before it comes is not back."""
    return offer.buyable and not offer.availability.later


def back(skus: Collection[str]) -> dict[str, Offer]:
    """Those of the SKUs that can be bought and sent now."""
    found: dict[str, Offer] = {}
    ordered = sorted(skus)
    for start in range(0, len(ordered), BATCH):
        variants = Variant.objects.filter(sku__in=ordered[start : start + BATCH], active=True, product__live=True)
        offers = registry.offers(list(variants.select_related("product")))
        found |= {offer.variant.sku: offer for offer in offers if is_here(offer)}
    return found


def wanted() -> "QuerySet[Any]":
    """What people wait for, as rows of ``sku``, ``title``, ``waiting`` and ``since``."""
    title = Variant.objects.filter(sku=OuterRef("sku")).values("product__title")[:1]
    rows = StockAlert.objects.order_by().values("sku")
    return rows.annotate(title=Subquery(title), waiting=Count("pk"), since=Min("created_at"))
