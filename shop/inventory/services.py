"""Writing stock. Numbers move by conditional updates, each with a line in the ledger; reservations have none.

Rows are taken in primary-key order everywhere, so that two orders with the same products cannot deadlock.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from shop.catalog.renaming import follow_sku
from shop.inventory.bulk import set_stock
from shop.inventory.errors import OutOfStock, Shortage, StockConflict, StockError
from shop.inventory.levels import Movements, levels_of, selling_order, spread
from shop.inventory.locks import lock_items, locked_item
from shop.inventory.models import StockItem, StockLocation, StockMovement
from shop.inventory.notices import refresh_listing, sellable_changed

__all__ = ["Kind", "OutOfStock", "Shortage", "StockConflict", "StockError", "set_stock"]

Kind = StockMovement.Kind


@transaction.atomic
def reserve(quantities: Mapping[str, int]) -> None:
    """Promise units to an order, all or nothing, as part of the caller's transaction.

    Raises OutOfStock with every shortage, StockError for a quantity below 1.
    """
    _require_positive(quantities)
    items = list(StockItem.objects.filter(sku__in=quantities).order_by("pk"))
    short = set(quantities) - {item.sku for item in items}
    for item in items:
        wanted = quantities[item.sku]
        enough = Q(tracked=False) | Q(on_hand__gte=F("reserved") + F("unavailable") - F("backorder_limit") + wanted)
        rows = StockItem.objects.filter(enough, pk=item.pk)
        if not rows.update(reserved=F("reserved") + wanted, updated_at=timezone.now()):
            short.add(item.sku)
    if short:
        left = {item.sku: max(item.can_sell, 0) for item in StockItem.objects.filter(sku__in=short)}
        raise OutOfStock([Shortage(sku, quantities[sku], left.get(sku, 0)) for sku in sorted(short)])
    sellable_changed({sku: -quantity for sku, quantity in quantities.items()})


@transaction.atomic
def release(quantities: Mapping[str, int]) -> None:
    """Take back what ``reserve`` promised. Raises StockError where less is reserved than is to be released."""
    _require_positive(quantities)
    items = list(StockItem.objects.filter(sku__in=quantities).order_by("pk"))
    if unknown := set(quantities) - {item.sku for item in items}:
        raise StockError(f"No stock record, so nothing was reserved: {', '.join(sorted(unknown))}.")
    for item in items:
        quantity = quantities[item.sku]
        rows = StockItem.objects.filter(pk=item.pk, reserved__gte=quantity)
        if not rows.update(reserved=F("reserved") - quantity, updated_at=timezone.now()):
            raise StockError(f"{item.sku}: {quantity} to release, but only {item.reserved} reserved.")
    sellable_changed(quantities)


@transaction.atomic
def commit_sale(quantities: Mapping[str, int], reference: str) -> None:
    """Reserved units leave the shop: on hand and reserved go down, the ledger gets a line per SKU and location.

    They leave the default location first, then others that are active. ``reference`` is the order's number. The same
    reference again changes nothing. Raises StockError where the units were not reserved.
    """
    _require_positive(quantities)
    items = lock_items(quantities)
    ids = [item.pk for item in items.values()]
    sold = set(
        StockMovement.objects.filter(item__in=ids, kind=Kind.SALE, reference=reference).values_list(
            "item_id", flat=True
        )
    )
    order, levels = selling_order(), levels_of(ids)
    movements = Movements(Kind.SALE, reference=reference)
    for sku, quantity in quantities.items():
        item = items.get(sku)
        if item is None:
            raise StockError(f"{sku}: no stock record, so nothing was reserved.")
        if item.pk in sold:
            continue
        rows = StockItem.objects.filter(pk=item.pk, reserved__gte=quantity)
        if not rows.update(
            on_hand=F("on_hand") - quantity, reserved=F("reserved") - quantity, updated_at=timezone.now()
        ):
            raise StockError(f"{sku}: {quantity} sold, but only {item.reserved} reserved.")
        movements.add(item, spread(levels.get(item.pk, {}), order, -quantity))
    movements.write()


def receive(
    *,
    sku: str,
    quantity: int,
    reason: str = "",
    user: Any = None,
    reference: str = "",
    location: StockLocation | None = None,
) -> StockItem:
    """Goods came in. Raises StockError for a quantity below 1."""
    _require_positive({sku: quantity})
    return adjust(
        sku=sku,
        quantity=quantity,
        kind=Kind.RECEIPT,
        reason=reason,
        user=user,
        reference=reference,
        location=location,
    )


@transaction.atomic
def adjust(
    *,
    sku: str,
    quantity: int,
    kind: str = Kind.ADJUSTMENT,
    reason: str = "",
    user: Any = None,
    reference: str = "",
    location: StockLocation | None = None,
) -> StockItem:
    """Add units (or take them away where ``quantity`` is negative); the SKU's first movement opens its record.

    Without a location they come to the default one, and go from the active ones in their order. Raises StockError
    where fewer units would be left than are reserved, or fewer than none at the location.
    """
    item = locked_item(sku)
    if quantity:
        _move(item, quantity, Movements(kind, reason=reason, user=user, reference=reference), location)
    return item


@transaction.atomic
def set_on_hand(
    *,
    sku: str,
    on_hand: int,
    reason: str = "",
    user: Any = None,
    kind: str = Kind.ADJUSTMENT,
    expected: int | None = None,
    location: StockLocation | None = None,
) -> StockItem:
    """Make the units on hand what somebody counted, at one location or (without one) all together.

    The ledger gets the difference. Raises StockConflict where ``expected`` is given and stock has moved away from it,
    StockError where fewer units would be left than are reserved.
    """
    item = locked_item(sku)
    known = item.on_hand if location is None else levels_of([item.pk]).get(item.pk, {}).get(location.pk, 0)
    if expected is not None and known != expected:
        place = f" at {location}" if location else ""
        raise StockConflict(f"Stock of {sku}{place} is {known} now, no longer {expected}.")
    if item.tracked and known < 0 <= on_hand:
        raise StockError(f"{-known} of {sku} are sold and have still to come: receive the goods first, then count.")
    if on_hand != known:
        _move(item, on_hand - known, Movements(kind, reason=reason, user=user), location)
    return item


@transaction.atomic
def set_tracked(*, sku: str, tracked: bool) -> StockItem:
    """Start or stop to count a SKU. Raises StockError where counting would start with less than is reserved."""
    item = locked_item(sku)
    if tracked and item.can_sell < 0:
        raise StockError(f"{item.reserved} of {sku} are reserved: set the stock to at least that first.")
    lowest = min(levels_of([item.pk]).get(item.pk, {}).values(), default=0)
    if tracked and not item.tracked and lowest < -item.backorder_limit:
        raise StockError(f"{sku} is below 0 at a location: count it there first.")
    if tracked != item.tracked:
        item.tracked = tracked
        item.save(update_fields=["tracked", "updated_at"])
        refresh_listing([sku])
    return item


@transaction.atomic
def set_reorder_point(*, sku: str, units: int | None) -> StockItem:
    """Stock of the SKU is low when so many units or fewer can be sold; None: never."""
    item = locked_item(sku)
    if units is not None and units < 0:
        raise StockError("A reorder point is at least 0.")
    if units != item.reorder_point:
        item.reorder_point = units
        item.save(update_fields=["reorder_point", "updated_at"])
        refresh_listing([sku])
    return item


@transaction.atomic
def set_backorders(*, sku: str, limit: int, expected_on: date | None = None) -> StockItem:
    """Let so many units be sold before they are here, and say when they come. 0: none.

    Raises StockError where more are promised already than would then be allowed.
    """
    item = locked_item(sku)
    if limit < 0:
        raise StockError("The number of units to sell beyond stock is at least 0.")
    owed = -item.sellable
    if item.tracked and owed > limit:
        raise StockError(f"{owed} of {sku} are sold beyond stock already: allow at least as many, or receive goods.")
    if item.tracked and min(levels_of([item.pk]).get(item.pk, {}).values(), default=0) < -limit:
        raise StockError(f"{sku} is below 0 at a location: transfer units there first.")
    if (limit, expected_on) != (item.backorder_limit, item.expected_on):
        item.backorder_limit, item.expected_on = limit, expected_on
        item.save(update_fields=["backorder_limit", "expected_on", "updated_at"])
        refresh_listing([sku])
    return item


@transaction.atomic
def rename_sku(old: str, new: str) -> None:
    """Let the stock record, its ledger and the bundles that take from it follow a SKU to its new name.

    Raises StockError while units are reserved under the old name, or where the new name has a record of its own.
    """
    items = lock_items([old, new])
    if new in items and items[new].movements.exists():
        raise StockError(f"{new} has a stock ledger already.")
    follow_sku(old, new)
    if old not in items:
        return
    if items[old].reserved:
        raise StockError(f"Stock of {old} is reserved for open orders ({items[old].reserved}): it keeps its SKU.")
    if new in items:
        items[new].delete()
    StockItem.objects.filter(pk=items[old].pk).update(sku=new, updated_at=timezone.now())


def _require_positive(quantities: Mapping[str, int]) -> None:
    for sku, quantity in quantities.items():
        if quantity < 1:
            raise StockError(f"{sku}: the quantity must be at least 1, not {quantity}.")


def _move(item: StockItem, quantity: int, movements: Movements, location: StockLocation | None) -> None:
    """Apply a movement to a locked item."""
    levels = levels_of([item.pk]).get(item.pk, {})
    asleep = quantity if location is not None and not location.active else 0
    left = item.on_hand + quantity - item.unavailable - asleep
    if item.tracked and quantity < 0 and not 0 <= left >= item.reserved - item.backorder_limit:
        raise StockError(
            f"{item.reserved} of {item.sku} are reserved for open orders, so {left} cannot be all that is left."
            if item.reserved
            else f"Stock of {item.sku} cannot fall below 0."
        )
    if item.tracked and quantity < 0 and location is not None and levels.get(location.pk, 0) + quantity < 0:
        raise StockError(f"There are only {levels.get(location.pk, 0)} of {item.sku} at {location}.")
    item.on_hand += quantity
    item.unavailable += asleep
    item.save(update_fields=["on_hand", "unavailable", "updated_at"])
    movements.add(item, [(location.pk, quantity)] if location else spread(levels, selling_order(), quantity))
    movements.write()
    sellable_changed({item.sku: quantity - asleep})
