"""Writing stock. Numbers move by conditional updates, each with a line in the ledger; reservations have none.

Rows are taken in primary-key order everywhere, so that two orders with the same products cannot deadlock.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from shop.catalog import bundles, listing
from shop.catalog.models import Variant
from shop.catalog.offers import BATCH
from shop.inventory.locks import lock_items
from shop.inventory.models import StockItem, StockMovement

Kind = StockMovement.Kind


class StockError(ValueError):
    """A movement that stock does not allow; the message says why, in words for staff."""


class StockConflict(StockError):
    """Stock has moved since the caller looked."""


@dataclass(frozen=True, slots=True)
class Shortage:
    """One SKU of which fewer units are left than were wanted."""

    sku: str
    wanted: int
    available: int


class OutOfStock(Exception):
    """A reservation was refused as a whole; ``shortages`` names every SKU that was short."""

    def __init__(self, shortages: list[Shortage]) -> None:
        self.shortages = shortages
        short = ", ".join(f"{s.sku} ({s.wanted} wanted, {s.available} left)" for s in shortages)
        super().__init__(f"Not enough stock: {short}")


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
        enough = Q(tracked=False) | Q(on_hand__gte=F("reserved") + wanted)
        rows = StockItem.objects.filter(enough, pk=item.pk)
        if not rows.update(reserved=F("reserved") + wanted, updated_at=timezone.now()):
            short.add(item.sku)
    if short:
        left = {i.sku: max(i.on_hand - i.reserved, 0) for i in StockItem.objects.filter(sku__in=short)}
        raise OutOfStock([Shortage(sku, quantities[sku], left.get(sku, 0)) for sku in sorted(short)])
    _sellable_changed({sku: -quantity for sku, quantity in quantities.items()})


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
    _sellable_changed(quantities)


@transaction.atomic
def commit_sale(quantities: Mapping[str, int], reference: str) -> None:
    """Reserved units leave the shop: on hand and reserved go down, the ledger gets a line per SKU.

    ``reference`` is the order's number. The same reference again changes nothing. Raises StockError where the
    units were not reserved.
    """
    _require_positive(quantities)
    items = lock_items(quantities)
    sold = set(
        StockMovement.objects.filter(
            item__in=[item.pk for item in items.values()], kind=Kind.SALE, reference=reference
        ).values_list("item_id", flat=True)
    )
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
        StockMovement.objects.create(item=item, kind=Kind.SALE, quantity=-quantity, reference=reference)


def receive(*, sku: str, quantity: int, reason: str = "", user: Any = None, reference: str = "") -> StockItem:
    """Goods came in. Raises StockError for a quantity below 1."""
    _require_positive({sku: quantity})
    return adjust(sku=sku, quantity=quantity, kind=Kind.RECEIPT, reason=reason, user=user, reference=reference)


@transaction.atomic
def adjust(
    *,
    sku: str,
    quantity: int,
    kind: str = Kind.ADJUSTMENT,
    reason: str = "",
    user: Any = None,
    reference: str = "",
) -> StockItem:
    """Add units (or take them away where ``quantity`` is negative); the SKU's first movement opens its record.

    Raises StockError where fewer units would be left than are reserved.
    """
    item = _locked_item(sku)
    if quantity:
        _move(item, quantity, kind=kind, reason=reason, user=user, reference=reference)
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
) -> StockItem:
    """Make the units on hand what somebody counted; the ledger gets the difference.

    Raises StockConflict where ``expected`` is given and stock has moved away from it, StockError where fewer units
    would be left than are reserved.
    """
    item = _locked_item(sku)
    if expected is not None and item.on_hand != expected:
        raise StockConflict(f"Stock of {sku} is {item.on_hand} now, no longer {expected}.")
    if on_hand != item.on_hand:
        _move(item, on_hand - item.on_hand, kind=kind, reason=reason, user=user)
    return item


@transaction.atomic
def set_tracked(*, sku: str, tracked: bool) -> StockItem:
    """Start or stop to count a SKU. Raises StockError where counting would start with less than is reserved."""
    item = _locked_item(sku)
    if tracked and item.on_hand < item.reserved:
        raise StockError(f"{item.reserved} of {sku} are reserved: set the stock to at least that first.")
    if tracked != item.tracked:
        item.tracked = tracked
        item.save(update_fields=["tracked", "updated_at"])
        _refresh_listing([sku])
    return item


@transaction.atomic
def set_stock(
    *, levels: Mapping[str, int | None], reason: str = "", user: Any = None, refresh: bool = True
) -> dict[str, str]:
    """Set many SKUs with a handful of queries, as an import does; None stops counting the SKU.

    Gives the SKUs that were refused, each with the reason. ``refresh=False`` leaves the listing rows to the caller.
    """
    StockItem.objects.bulk_create(
        [StockItem(sku=sku) for sku in sorted(levels)], ignore_conflicts=True, batch_size=1_000
    )
    refused: dict[str, str] = {}
    changed: list[StockItem] = []
    movements: list[StockMovement] = []
    for sku, item in lock_items(levels).items():
        level = levels[sku]
        on_hand, tracked = (item.on_hand, False) if level is None else (level, True)
        if tracked and on_hand < item.reserved:
            refused[sku] = f"{on_hand} units, but {item.reserved} are reserved for open orders"
            continue
        if (on_hand, tracked) == (item.on_hand, item.tracked):
            continue
        if on_hand != item.on_hand:
            quantity = on_hand - item.on_hand
            movements.append(
                StockMovement(item=item, kind=Kind.IMPORT, quantity=quantity, reason=reason, created_by=user)
            )
        item.on_hand, item.tracked, item.updated_at = on_hand, tracked, timezone.now()
        changed.append(item)
    StockItem.objects.bulk_update(changed, ["on_hand", "tracked", "updated_at"], batch_size=500)
    StockMovement.objects.bulk_create(movements, batch_size=1_000)
    if refresh and changed:
        _refresh_listing([item.sku for item in changed])
    return refused


@transaction.atomic
def rename_sku(old: str, new: str) -> None:
    """Let the stock record, its ledger and the bundles that take from it follow a SKU to its new name.

    Raises StockError while units are reserved under the old name, or where the new name has a record of its own.
    """
    items = lock_items([old, new])
    if new in items and items[new].movements.exists():
        raise StockError(f"{new} has a stock ledger already.")
    bundles.rename_component(old, new)
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


def _locked_item(sku: str) -> StockItem:
    StockItem.objects.get_or_create(sku=sku)
    return lock_items([sku])[sku]


def _move(item: StockItem, quantity: int, *, kind: str, reason: str, user: Any, reference: str = "") -> None:
    """Apply a movement to a locked item."""
    left = item.on_hand + quantity
    if item.tracked and left < item.reserved:
        raise StockError(
            f"{item.reserved} of {item.sku} are reserved for open orders, so {left} cannot be all that is left."
            if item.reserved
            else f"Stock of {item.sku} cannot fall below 0."
        )
    item.on_hand = left
    item.save(update_fields=["on_hand", "updated_at"])
    StockMovement.objects.create(
        item=item, kind=kind, quantity=quantity, reason=reason, created_by=user, reference=reference
    )
    _sellable_changed({item.sku: quantity})


def _sellable_changed(changes: Mapping[str, int]) -> None:
    """Refresh the listing rows of SKUs that just sold out or came back; others show no difference."""
    turned, left = [], {}
    rows = StockItem.objects.filter(sku__in=changes, tracked=True).values_list("sku", "on_hand", "reserved")
    for sku, on_hand, reserved in rows:
        sellable = left[sku] = on_hand - reserved
        if (sellable > 0) != (sellable - changes[sku] > 0):
            turned.append(sku)
    if turned:
        _refresh_listing(turned)
    if sets := bundles.turned_by(changes, left):
        transaction.on_commit(partial(listing.refresh, sorted(sets)))


def _refresh_listing(skus: Iterable[str]) -> None:
    """After the commit, so that no row of a listing is locked while the caller still takes other locks."""
    names = list(skus)
    products: set[int] = set()
    for start in range(0, len(names), BATCH):
        batch = Variant.objects.filter(sku__in=names[start : start + BATCH])
        products |= set(batch.values_list("product_id", flat=True))
        products |= bundles.products_with(names[start : start + BATCH])
    if products:
        transaction.on_commit(partial(listing.refresh, sorted(products)))
