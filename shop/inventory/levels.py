"""Where units come from and go to: how a change of an item spreads over locations.

Everything here expects the item to be locked (``locks.lock_items``): the rows of its locations follow the item's.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F

from shop.catalog.offers import BATCH
from shop.inventory.models import StockItem, StockLevel, StockLocation, StockMovement

Part = tuple[int, int]


def default_location() -> StockLocation:
    """Where units go that come without a place. Made on first use, so that there always is one."""
    found = StockLocation.objects.filter(is_default=True).first()
    if found is None:
        found, _ = StockLocation.objects.get_or_create(is_default=True, defaults={"name": "Stock room", "code": "MAIN"})
    return found


def selling_order() -> list[int]:
    """The active locations by id, in the order in which sales take from them: the default first."""
    active = list(StockLocation.objects.filter(active=True).values_list("pk", flat=True))
    return active or [default_location().pk]


def spread(levels: Mapping[int, int], order: Sequence[int], quantity: int) -> list[Part]:
    """A change of an item as changes at locations. Units come to the first; they go from each as far as it has any.

    What no location has goes from the first, which then falls below zero: only an item that is not counted may.
    """
    if quantity >= 0:
        return [(order[0], quantity)] if quantity else []
    taken: dict[int, int] = {}
    left = -quantity
    for location in order:
        if part := min(max(levels.get(location, 0), 0), left):
            taken[location] = -part
            left -= part
    if left:
        taken[order[0]] = taken.get(order[0], 0) - left
    return list(taken.items())


def levels_of(items: Collection[int]) -> dict[int, dict[int, int]]:
    """Units by item and location, both by id."""
    found: dict[int, dict[int, int]] = {}
    ordered = list(items)
    for start in range(0, len(ordered), BATCH):
        rows = StockLevel.objects.filter(item__in=ordered[start : start + BATCH])
        for item, location, on_hand in rows.values_list("item", "location", "on_hand"):
            found.setdefault(item, {})[location] = on_hand
    return found


@dataclass
class Movements:
    """Lines for the ledger, written with what they do to the levels in a handful of queries."""

    kind: str
    reason: str = ""
    user: Any = None
    reference: str = ""
    lines: list[StockMovement] = field(default_factory=list)

    def add(self, item: StockItem, parts: Collection[Part]) -> None:
        """Take note of one item's change."""
        self.lines += [
            StockMovement(
                item=item,
                location_id=location,
                kind=self.kind,
                quantity=quantity,
                reference=self.reference,
                reason=self.reason,
                created_by=self.user,
            )
            for location, quantity in parts
        ]

    def write(self) -> None:
        """Store the lines, and the levels that follow from them."""
        StockMovement.objects.bulk_create(self.lines, batch_size=1_000)
        if len(self.lines) == 1:
            self._write_one(self.lines[0])
        elif self.lines:
            self._write_many()

    def _write_one(self, line: StockMovement) -> None:
        rows = StockLevel.objects.filter(item=line.item_id, location=line.location_id)
        if not rows.update(on_hand=F("on_hand") + line.quantity):
            StockLevel.objects.create(item_id=line.item_id, location_id=line.location_id, on_hand=line.quantity)

    def _write_many(self) -> None:
        changes: dict[tuple[int, int], int] = {}
        for line in self.lines:
            key = (line.item_id, line.location_id)
            changes[key] = changes.get(key, 0) + line.quantity
        known = levels_of({item for item, _ in changes})
        rows = [
            StockLevel(item_id=item, location_id=location, on_hand=known.get(item, {}).get(location, 0) + quantity)
            for (item, location), quantity in sorted(changes.items())
        ]
        # Far quicker than bulk_update, which compares every row with every key.
        StockLevel.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["item", "location"],
            update_fields=["on_hand"],
            batch_size=1_000,
        )
