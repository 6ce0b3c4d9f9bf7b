"""Reading the catalogue."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from cms.restrictions import public
from shop.catalog import listing
from shop.catalog.addresses import page_addresses
from shop.catalog.cards import Card
from shop.catalog.models import ProductPage
from shop.catalog.thumbnails import ThumbnailData

ROW = (
    "price",
    "price_highest",
    "compare_at",
    "currency",
    "available",
    "thumbnail",
    "rating",
    "reviews",
    "low_stock",
)
OWN = ("pk", "title", "url_path", "summary", "first_published_at")
COLUMNS = (*OWN, "brand__name", "brand__live", "listing__stale_at", "listing__pk")


def cards(products: "QuerySet[ProductPage] | Iterable[int]") -> list[Card]:
    """The cards of a queryset of products in its order, or of live public products by id in the order given.

    One query. Rows that are missing, or whose price has changed by its date since, are refreshed first.
    """
    if isinstance(products, QuerySet):
        return _cards(products)
    ids = list(products)
    found = {card.pk: card for card in _cards(public(ProductPage.objects.live()).filter(pk__in=ids))} if ids else {}
    return [found[pk] for pk in ids if pk in found]


def _cards(products: "QuerySet[ProductPage]") -> list[Card]:
    rows = _rows(products)
    now = timezone.now()
    due = [r["pk"] for r in rows if r["listing__pk"] is None or (r["listing__stale_at"] or now) < now]
    if due:
        listing.refresh(due)
        fresh = {row["pk"]: row for row in _rows(ProductPage.objects.filter(pk__in=due))}
        rows = [fresh.get(row["pk"], row) for row in rows]
    address = page_addresses()
    return [_card(row, address(row["url_path"])) for row in rows]


def _rows(products: "QuerySet[ProductPage]") -> list[dict[str, Any]]:
    return list(products.values(*COLUMNS, *(f"listing__{field}" for field in ROW)))


def _card(row: dict[str, Any], url: str) -> Card:
    return Card(
        pk=row["pk"],
        title=row["title"],
        url=url,
        summary=row["summary"],
        brand=row["brand__name"] if row["brand__live"] else "",
        price=row["listing__price"],
        price_highest=row["listing__price_highest"],
        compare_at=row["listing__compare_at"],
        currency=row["listing__currency"] or "",
        available=bool(row["listing__available"]),
        thumbnail=ThumbnailData.from_json(row["listing__thumbnail"]),
        published=row["first_published_at"],
        rating=row["listing__rating"],
        reviews=row["listing__reviews"] or 0,
        low_stock=bool(row["listing__low_stock"]),
    )
