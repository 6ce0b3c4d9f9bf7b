"""Many stock records at once, as an import reads, opens and sets them."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from shop.catalog.offers import BATCH
from shop.inventory.levels import Movements, default_location, levels_of, selling_order, spread
from shop.inventory.locks import lock_items
from shop.inventory.models import StockItem, StockMovement
from shop.inventory.notices import refresh_listing

Kind = StockMovement.Kind


def stock_levels(skus: Collection[str]) -> dict[str, int | None]:
    """Units on hand of each SKU, reserved ones included; None where nobody counts. Unknown SKUs are left out.

    The same terms as ``set_stock`` takes.
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
    movements = Movements(Kind.OPENING, reason=reason, user=user)
    first = default_location().pk
    for item in items:
        if item.on_hand:
            movements.add(item, [(first, item.on_hand)])
    movements.write()
    rest = {sku: level for sku, level in levels.items() if sku in known}
    return set_stock(levels=rest, reason=reason, user=user, refresh=False) if rest else {}


@transaction.atomic
def set_stock(
    *,
    levels: Mapping[str, int | None],
    reason: str = "",
    user: Any = None,
    refresh: bool = True,
    kind: str = Kind.IMPORT,
    expected: Mapping[str, int] | None = None,
) -> dict[str, str]:
    """Set many SKUs with a handful of queries, as an import does; None stops counting the SKU.

    A SKU of which there are no longer as many as ``expected`` says is refused.

    Levels are units over all locations: what is missing goes from the default location first, what is more comes to
    it. Gives the SKUs that were refused, each with the reason. ``refresh=False`` leaves the listing rows to the caller.
    """
    StockItem.objects.bulk_create(
        [StockItem(sku=sku) for sku in sorted(levels)], ignore_conflicts=True, batch_size=1_000
    )
    items = lock_items(levels)
    order, at = selling_order(), levels_of([item.pk for item in items.values()])
    refused: dict[str, str] = {}
    changed: list[StockItem] = []
    movements = Movements(kind, reason=reason, user=user)
    for sku, item in items.items():
        level = levels[sku]
        if expected is not None and expected.get(sku, item.on_hand) != item.on_hand:
            refused[sku] = f"there are {item.on_hand} now, no longer {expected[sku]}"
            continue
        on_hand, tracked = (item.on_hand, False) if level is None else (level, True)
        if (on_hand, tracked) == (item.on_hand, item.tracked):
            continue
        known = at.get(item.pk, {})
        parts = spread(known, order, on_hand - item.on_hand)
        if tracked and (problem := _problem(item, on_hand, known, dict(parts))):
            refused[sku] = problem
            continue
        movements.add(item, parts)
        item.on_hand, item.tracked, item.updated_at = on_hand, tracked, timezone.now()
        changed.append(item)
    # The rows exist and are locked: as an upsert this is far quicker than bulk_update.
    StockItem.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["sku"],
        update_fields=["on_hand", "tracked", "updated_at"],
        batch_size=1_000,
    )
    movements.write()
    if refresh and changed:
        refresh_listing([item.sku for item in changed])
    return refused


@transaction.atomic
def set_reorder_points(*, points: Mapping[str, int | None]) -> None:
    """At how many units each SKU is to be ordered again; None: never."""
    StockItem.objects.bulk_create([StockItem(sku=sku) for sku in sorted(points)], ignore_conflicts=True)
    items = lock_items(points)
    for sku, item in items.items():
        item.reorder_point = points[sku]
    StockItem.objects.bulk_update(list(items.values()), ["reorder_point"], batch_size=500)
    refresh_listing(sorted(items))


def _problem(item: StockItem, on_hand: int, known: Mapping[int, int], parts: Mapping[int, int]) -> str:
    """Why a counted item may not have so many units; empty where it may."""
    if on_hand < item.reserved + item.unavailable - item.backorder_limit:
        text = f"{on_hand} units, but {item.reserved} are reserved for open orders"
        return f"{text} and {item.unavailable} are where nothing is sold" if item.unavailable else text
    lowest = -item.backorder_limit
    short = [place for place in {*known, *parts} if known.get(place, 0) + parts.get(place, 0) < lowest]
    return "there are fewer than none at one of its locations: count it there first" if short else ""
