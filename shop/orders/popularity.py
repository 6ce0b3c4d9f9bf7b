"""How well products sell: units of paid orders in the last 90 days. Listings sort by it (``catalog.listing_facts``)."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import QuerySet, Sum
from django.utils import timezone

from shop.catalog import listing
from shop.catalog.models import ListingRow, Variant
from shop.catalog.offers import BATCH
from shop.orders.models import OrderLine
from shop.orders.statuses import Status

COUNTED_FOR = timedelta(days=90)


def units_sold(product_ids: Collection[int]) -> dict[int, int]:
    """Units by product; products that did not sell are left out. Two queries for up to 2,000 products."""
    ids = list(product_ids)
    found: dict[int, int] = {}
    for start in range(0, len(ids), BATCH):
        variants = Variant.objects.filter(product__in=ids[start : start + BATCH])
        for pk, units in _by_product(variants, _sold_lines().filter(sku__in=variants.values("sku"))).items():
            found[pk] = found.get(pk, 0) + units
    return found


def refresh_popularity() -> int:
    """Bring all listing rows up to date: sales grow old without anybody doing anything. Gives how many changed."""
    lines = _sold_lines()
    sold = _by_product(Variant.objects.filter(sku__in=lines.values("sku")), lines)
    shown = dict(ListingRow.objects.exclude(popularity=0).values_list("pk", "popularity"))
    changed = [pk for pk in sold.keys() | shown.keys() if sold.get(pk, 0) != shown.get(pk, 0)]
    listing.refresh(changed, render=False)
    return len(changed)


def _sold_lines(now: datetime | None = None) -> "QuerySet[OrderLine]":
    since = (now or timezone.now()) - COUNTED_FOR
    return OrderLine.objects.filter(
        order__paid_at__gte=since, order__status__in=(Status.PAID, Status.FULFILLED)
    ).order_by()


def _by_product(variants: "QuerySet[Variant]", lines: "QuerySet[OrderLine]") -> dict[int, int]:
    units = dict(lines.values_list("sku").annotate(units=Sum("quantity")))
    found: dict[int, int] = {}
    for sku, product_id in variants.order_by().values_list("sku", "product_id"):
        if sku in units:
            found[product_id] = found.get(product_id, 0) + units[sku]
    return found
