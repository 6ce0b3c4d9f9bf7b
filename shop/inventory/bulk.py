"""Many stock records at once, as an import reads and opens them."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction

from shop.catalog.offers import BATCH
from shop.inventory.models import StockItem, StockMovement
from shop.inventory.services import set_stock


def stock_levels(skus: Collection[str]) -> dict[str, int | None]:
    """Units on hand of each SKU, reserved ones included; None where nobody counts. Unknown SKUs are left out.

    The same terms as ``services.set_stock`` takes.
    """
    found: dict[str, int | None] = {}
    ordered = list(skus)
    for start in range(0, len(ordered), BATCH):
        rows = StockItem.objects.filter(sku__in=ordered[start : start + BATCH])
        for sku, on_hand, tracked in rows.values_list("sku", "on_hand", "tracked"):
            found[sku] = on_hand if tracked else None
    return found


@transaction.atomic
def open_stock(*, levels: Mapping[str, int | None], reason: str = "", user: Any = None) -> dict[str, str]:
    """Open the records of new SKUs with so many units on hand; None: nobody counts.

    A SKU that had a record before keeps its ledger and is set like any other. Gives refusals as ``set_stock`` does.
    The listing rows are left to the caller.
    """
    known = stock_levels(levels)
    new = {sku: level for sku, level in levels.items() if sku not in known}
    items = StockItem.objects.bulk_create(
        [StockItem(sku=sku, on_hand=level or 0, tracked=level is not None) for sku, level in sorted(new.items())]
    )
    StockMovement.objects.bulk_create(
        [
            StockMovement(
                item=item, kind=StockMovement.Kind.OPENING, quantity=item.on_hand, reason=reason, created_by=user
            )
            for item in items
            if item.on_hand
        ]
    )
    rest = {sku: level for sku, level in levels.items() if sku in known}
    return set_stock(levels=rest, reason=reason, user=user, refresh=False) if rest else {}
