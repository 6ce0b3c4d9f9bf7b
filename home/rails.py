"""Product cards for the rails of a page, all of them in one batch."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Q
from wagtail.blocks import StreamValue

from cms.restrictions import public
from shop.catalog.cards import Card
from shop.catalog.collections import product_ids
from shop.catalog.models import CategoryPage, ProductPage
from shop.catalog.selectors import cards as cards_of_products

if TYPE_CHECKING:
    from home.blocks import RailValue

RAIL_BLOCK = "product_rail"


def _product_ids(rail: "RailValue") -> list[int]:
    """Ids of the products that a rail names, in order; costs a query where they come from a category.

    Those of a collection are remembered, so they cost none.
    """
    limit = rail.get("limit") or 8
    if rail.get("source") == "category":
        category = rail.get("category")
        return _newest_ids(category, limit) if category else []
    if rail.get("source") == "collection":
        collection = rail.get("collection")
        return product_ids(collection)[:limit] if collection and collection.live else []
    return [product.pk for product in rail.get("products") or [] if product is not None][:limit]


def _newest_ids(category: CategoryPage | None, limit: int) -> list[int]:
    products = public(ProductPage.objects.live())
    if category is not None:
        products = products.filter(Q(path__startswith=category.path) | Q(pk__in=category.further_products.values("pk")))
    return list(products.order_by("-first_published_at", "-pk").values_list("pk", flat=True)[:limit])


def _cards(ids: Iterable[int]) -> dict[int, Card]:
    wanted = list(dict.fromkeys(ids))
    return {card.pk: card for card in cards_of_products(wanted)} if wanted else {}


def cards_of(rail: "RailValue") -> list[Card]:
    """The cards of one rail on its own; products that are not public are left out."""
    ids = _product_ids(rail)
    cards = _cards(ids)
    return [cards[pk] for pk in ids if pk in cards]


def newest_cards(limit: int) -> list[Card]:
    """Cards of the newest products of the whole shop."""
    ids = _newest_ids(None, limit)
    cards = _cards(ids)
    return [cards[pk] for pk in ids if pk in cards]


def sample_categories(limit: int) -> list[CategoryPage]:
    """Public categories that have a picture, in tree order."""
    return list(
        CategoryPage.objects.live().filter(image__isnull=False).order_by("path").select_related("image")[:limit]
    )


def fill(stream: StreamValue) -> None:
    """Fetch the cards of every rail of a stream together. Two rails or ten cost the same card queries."""
    wanted = [(block.value, _product_ids(block.value)) for block in stream if block.block_type == RAIL_BLOCK]
    cards = _cards(pk for _, ids in wanted for pk in ids)
    for rail, ids in wanted:
        rail.cards = [cards[pk] for pk in ids if pk in cards]
