"""Reading stock."""

from collections.abc import Collection
from typing import Any

from django.db.models import Case, F, OuterRef, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Greatest, JSONObject, NullIf

from shop.catalog.offers import BATCH, SOLD_OUT, Availability
from shop.inventory.models import StockItem


def stock_expression() -> Subquery:
    """SQL for the stock of a ``Variant``, as JSON that ``decode_availability`` reads."""
    rows = StockItem.objects.filter(sku=OuterRef("sku"))
    return Subquery(
        rows.values_list(JSONObject(on_hand="on_hand", reserved="reserved", tracked="tracked"), flat=True)[:1]
    )


def units_expression() -> Combinable:
    """SQL for the sellable units of the SKU in the outer row: null where it is not tracked, 0 without a record."""
    untracked = Value(-1)
    left = Case(When(tracked=False, then=untracked), default=Greatest(F("on_hand") - F("reserved"), Value(0)))
    rows = StockItem.objects.filter(sku=OuterRef("sku")).values_list(left, flat=True)
    return NullIf(Coalesce(Subquery(rows[:1]), Value(0)), untracked)


def decode_availability(value: Any) -> Availability:
    """What ``stock_expression`` gave for one variant; no record means sold out."""
    if value is None:
        return SOLD_OUT
    # SQLite has no booleans in JSON: 0 and 1.
    return _availability(on_hand=value["on_hand"], reserved=value["reserved"], tracked=bool(value["tracked"]))


def availability(skus: Collection[str]) -> dict[str, Availability]:
    """How many units of each SKU can be sold now; a SKU without a stock record is left out."""
    found: dict[str, Availability] = {}
    ordered = list(skus)
    for start in range(0, len(ordered), BATCH):
        rows = StockItem.objects.filter(sku__in=ordered[start : start + BATCH])
        for sku, on_hand, reserved, tracked in rows.values_list("sku", "on_hand", "reserved", "tracked"):
            found[sku] = _availability(on_hand=on_hand, reserved=reserved, tracked=tracked)
    return found


def _availability(*, on_hand: int, reserved: int, tracked: bool) -> Availability:
    return Availability(max(on_hand - reserved, 0) if tracked else None)
