"""Keeping the narrow rows that listings read in step with prices, stock and pictures."""

import logging
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from cms.pictures import collecting
from shop.catalog import listing_facts
from shop.catalog.models import ListingRow, ProductImage, ProductPage, Variant
from shop.catalog.offers import Offer, registry
from shop.catalog.signals import announce
from shop.catalog.thumbnails import CARD, thumbnail

logger = logging.getLogger(__name__)

# Products in one transaction.
BATCH = 500
NUMBERS = ["price", "price_highest", "compare_at", "currency", "available"]
FIELDS = [*NUMBERS, "stale_at", "thumbnail", *listing_facts.DEFAULTS]


def refresh(product_ids: Iterable[int], *, render: bool = True) -> None:
    """Recompute the rows of these products, set-based: about ten queries for 500 of them.

    Safe to call at any time and by several at once; ids without a product are ignored. Products whose row is another
    afterwards are announced (``shop/catalog/signals.py``). Pictures whose small
    versions are missing are handed to a task, which comes back here (``render=False`` leaves them missing).
    """
    ids = sorted(set(product_ids))
    for start in range(0, len(ids), BATCH):
        missing = _refresh_batch(ids[start : start + BATCH])
        if missing and render:
            from shop.catalog.tasks import render_thumbnails

            transaction.on_commit(partial(render_thumbnails.enqueue, missing))


def add(product_ids: Iterable[int]) -> None:
    """Make the rows of products that are new in this transaction and have no pictures: half the work of ``refresh``."""
    ids = sorted(set(product_ids))
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        offers, changes = _offers(batch)
        rows = [ListingRow(product_id=pk, **_numbers(offers.get(pk, [])), stale_at=changes.get(pk)) for pk in batch]
        ListingRow.objects.bulk_create(rows)
        announce(batch)


def refresh_due(*, at: datetime | None = None, at_most: int | None = None) -> int:
    """Refresh the rows whose price has changed by its date since, those that wait longest first; gives how many."""
    waiting = ListingRow.objects.filter(stale_at__lte=at or timezone.now()).order_by("stale_at", "pk")
    due = list(waiting.values_list("pk", flat=True)[:at_most])
    refresh(due)
    return len(due)


@transaction.atomic
def _refresh_batch(ids: Collection[int]) -> list[int]:
    """Gives the products whose picture has small versions missing."""
    products = ProductPage.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "listing__pk")
    new = {pk for pk, row in products if row is None}
    known = [pk for pk, _ in products]
    ListingRow.objects.bulk_create([ListingRow(product_id=pk) for pk in known], ignore_conflicts=True)
    # Lock, then read: of two refreshes at once the later one sees what the cause of the earlier one wrote.
    rows = list(ListingRow.objects.select_for_update().filter(pk__in=known).order_by("pk"))
    offers, changes = _offers(known)
    pictures, missing = _pictures(known)
    facts = listing_facts.gather(known)
    changed = []
    for row in rows:
        values = {
            **_numbers(offers.get(row.pk, [])),
            "stale_at": changes.get(row.pk),
            "thumbnail": pictures.get(row.pk, {}),
            **{field: facts[field].get(row.pk, default) for field, default in listing_facts.DEFAULTS.items()},
        }
        if any(getattr(row, field) != value for field, value in values.items()):
            for field, value in values.items():
                setattr(row, field, value)
            changed.append(row)
    ListingRow.objects.bulk_update(changed, FIELDS, batch_size=100)
    announce({row.pk for row in changed} | new)
    return missing


def _offers(product_ids: Collection[int]) -> tuple[dict[int, list[Offer]], dict[int, datetime]]:
    """The offers of each product's active variants, and when a price among them changes next."""
    offers: dict[int, list[Offer]] = {}
    changes: dict[int, datetime] = {}
    variants = Variant.objects.filter(product__in=product_ids, active=True)
    for variant in registry.annotate(registry.next_price_changes(variants)):
        offers.setdefault(variant.product_id, []).append(registry.offer(variant))
        moment = variant.price_changes_at
        if moment and moment < changes.get(variant.product_id, moment + timedelta(1)):
            changes[variant.product_id] = moment
    return offers, changes


def _numbers(offers: Collection[Offer]) -> dict[str, Any]:
    """Price range and availability: of what can be bought, else of everything that has a price."""
    priced = [(offer, offer.quote) for offer in offers if offer.quote]
    # One card shows one currency: that of the first variant.
    priced = [(offer, quote) for offer, quote in priced if quote.currency == priced[0][1].currency]
    buyable = [(offer, quote) for offer, quote in priced if offer.buyable]
    quotes = [quote for _, quote in buyable or priced]
    if not quotes:
        return {"price": None, "price_highest": None, "compare_at": None, "currency": "", "available": False}
    lowest = min(quotes, key=lambda quote: quote.amount)
    return {
        "price": lowest.amount,
        "price_highest": max(quote.amount for quote in quotes),
        "compare_at": lowest.compare_at,
        "currency": lowest.currency,
        "available": bool(buyable),
    }


def first_pictures(product_ids: Collection[int]) -> dict[int, ProductImage]:
    """The picture of each product that listings show, with its image."""
    first: dict[int, ProductImage] = {}
    pictures = ProductImage.objects.filter(page__in=product_ids).select_related("image")
    for picture in pictures.order_by("page", "sort_order", "pk"):
        first.setdefault(picture.page_id, picture)
    return first


def _pictures(product_ids: Collection[int]) -> tuple[dict[int, dict[str, Any]], list[int]]:
    """The stored form of each product's thumbnail, and the products for which something is left to make."""
    data: dict[int, dict[str, Any]] = {}
    first = first_pictures(product_ids)
    with collecting() as missing:
        for product_id, picture in first.items():
            if found := thumbnail(picture.image, CARD, picture.alt):
                data[product_id] = found.as_json()
    return data, [product_id for product_id, picture in first.items() if picture.image_id in missing]
