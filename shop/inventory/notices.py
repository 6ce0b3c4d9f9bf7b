"""Telling listings when stock means something else to a shopper than before."""

from collections.abc import Iterable, Mapping
from functools import partial

from django.db import transaction

from shop.catalog import bundles, listing
from shop.catalog.models import Variant
from shop.catalog.offers import BATCH
from shop.inventory.models import StockItem


def sellable_changed(changes: Mapping[str, int]) -> None:
    """Refresh the listing rows of SKUs that just sold out, became low or came back; others show no difference.

    ``changes`` are sellable units that were added, by SKU; the rows have them already.
    """
    turned, left = [], {}
    for item in StockItem.objects.filter(sku__in=changes, tracked=True):
        limits = {0, -item.backorder_limit, item.reorder_point or 0}
        sellable, left[item.sku] = item.sellable, item.can_sell
        before = sellable - changes[item.sku]
        if any((sellable > limit) != (before > limit) for limit in limits):
            turned.append(item.sku)
    if turned:
        refresh_listing(turned)
    if sets := bundles.turned_by(changes, left):
        transaction.on_commit(partial(listing.refresh, sorted(sets)))


def refresh_listing(skus: Iterable[str]) -> None:
    """After the commit, so that no row of a listing is locked while the caller still takes other locks."""
    names = list(skus)
    products: set[int] = set()
    for start in range(0, len(names), BATCH):
        batch = Variant.objects.filter(sku__in=names[start : start + BATCH])
        products |= set(batch.values_list("product_id", flat=True))
        products |= bundles.products_with(names[start : start + BATCH])
    if products:
        transaction.on_commit(partial(listing.refresh, sorted(products)))
