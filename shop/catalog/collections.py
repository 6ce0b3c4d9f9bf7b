"""Which products a collection shows now, and in which order."""

from typing import Any

from django.db.models import F
from django.db.models.functions import Lower

from cms.remembered import Remembered
from cms.restrictions import public
from shop.catalog.models import CollectionPage, ProductPage
from shop.catalog.rules import found_by

Order = CollectionPage.Order
# Ties are broken by key, so that the order is the same for everyone.
ORDERS: dict[str, tuple[Any, ...]] = {
    Order.NEWEST: (F("first_published_at").desc(nulls_last=True), "-pk"),
    Order.POPULARITY: (F("listing__popularity").desc(nulls_last=True), "-pk"),
    Order.PRICE: (F("listing__price").asc(nulls_last=True), "-pk"),
    Order.PRICE_DOWN: (F("listing__price").desc(nulls_last=True), "-pk"),
    Order.RATING: (F("listing__rating").desc(nulls_last=True), F("listing__reviews").desc(nulls_last=True), "-pk"),
    Order.NAME: (Lower("title"), "pk"),
}

_remembered: Remembered[list[int]] = Remembered("collections")


def product_ids(collection: CollectionPage) -> list[int]:
    """The live public products of a published collection; remembered until any product or the collection changes."""
    version = collection.last_published_at.timestamp() if collection.last_published_at else 0
    return _remembered.get(f"{collection.pk}:{version}", lambda: find_ids(collection))


def find_ids(collection: CollectionPage) -> list[int]:
    """The same, asked anew and of this instance: for a draft."""
    chosen = [item.product_id for item in collection.pinned_products.all()]
    excluded = {item.product_id for item in collection.excluded_products.all()}
    pinned = _public([pk for pk in dict.fromkeys(chosen) if pk not in excluded])
    found = found_by(collection).order_by(*ORDERS[collection.order]).values_list("pk", flat=True)
    left_out = excluded.union(pinned)
    return [*pinned, *(pk for pk in found if pk not in left_out)]


def _public(ids: list[int]) -> list[int]:
    if not ids:
        return []
    there = set(public(ProductPage.objects.live()).filter(pk__in=ids).values_list("pk", flat=True))
    return [pk for pk in ids if pk in there]


def forget_collections(**kwargs: Any) -> None:
    """Ask anew from now on: some product has changed, and any rule may find others."""
    _remembered.forget_now()
