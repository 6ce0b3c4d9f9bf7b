"""Reading stock."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Greatest, JSONObject, NullIf

from shop.catalog.models import Variant
from shop.catalog.offers import BATCH, SOLD_OUT, Availability
from shop.inventory.models import StockItem

SELLABLE = F("on_hand") - F("unavailable") - F("reserved")
# With those that may be sold before they come.
CAN_SELL = SELLABLE + F("backorder_limit")


def stock_expression() -> Subquery:
    """SQL for the stock of a ``Variant``, as JSON that ``decode_availability`` reads."""
    rows = StockItem.objects.filter(sku=OuterRef("sku"))
    facts = JSONObject(
        sellable=SELLABLE, tracked="tracked", backorders="backorder_limit", expected=Cast("expected_on", TextField())
    )
    return Subquery(rows.values_list(facts, flat=True)[:1])


def units_expression() -> Combinable:
    """SQL for the sellable units of the SKU in the outer row: null where it is not tracked, 0 without a record."""
    return _units(CAN_SELL)


def units_here_expression() -> Combinable:
    """The same without units that have still to come."""
    return _units(SELLABLE)


def _units(number: Combinable) -> Combinable:
    untracked = Value(-1)
    left = Case(When(tracked=False, then=untracked), default=Greatest(number, Value(0)))
    rows = StockItem.objects.filter(sku=OuterRef("sku")).values_list(left, flat=True)
    return NullIf(Coalesce(Subquery(rows[:1]), Value(0)), untracked)


def decode_availability(value: Any) -> Availability:
    """What ``stock_expression`` gave for one variant; no record means sold out."""
    if value is None:
        return SOLD_OUT
    # SQLite has no booleans in JSON: 0 and 1.
    expected = date.fromisoformat(value["expected"]) if value["expected"] else None
    return _availability(value["sellable"], bool(value["tracked"]), value["backorders"], expected)


def availability(skus: Collection[str]) -> dict[str, Availability]:
    """How many units of each SKU can be sold now; a SKU without a stock record is left out."""
    found: dict[str, Availability] = {}
    ordered = list(skus)
    for start in range(0, len(ordered), BATCH):
        rows = StockItem.objects.filter(sku__in=ordered[start : start + BATCH])
        facts = ("left", "tracked", "backorder_limit", "expected_on")
        for sku, *each in rows.annotate(left=SELLABLE).values_list("sku", *facts):
            found[sku] = _availability(*each)
    return found


def low_stock(product_ids: Collection[int]) -> dict[int, bool]:
    """The products that are about to sell out: whatever can be had of them is at its reorder point or below.

    What may be sold before it comes counts, too: it does not run out with the shelf. One query (a source for
    ``catalog.listing_facts``). A variant without a reorder point is never low.
    """
    item = StockItem.objects.filter(sku=OuterRef("sku"))
    in_stock = Variant.objects.filter(product__in=list(product_ids), active=True).annotate(
        low=Subquery(
            item.annotate(left=CAN_SELL)
            .filter(Q(tracked=False) | Q(left__gt=0))
            .values_list(Case(When(tracked=True, left__lte=F("reorder_point"), then=True), default=False), flat=True)[
                :1
            ]
        )
    )
    found: dict[int, bool] = {}
    for product_id, low in in_stock.order_by().filter(low__isnull=False).values_list("product_id", "low"):
        found[product_id] = found.get(product_id, True) and bool(low)
    return found


def low_items() -> "QuerySet[StockItem]":
    """What is to be ordered again, the most urgent first: sellable units are at the reorder point or below."""
    counted = StockItem.objects.filter(tracked=True, reorder_point__isnull=False).annotate(left=SELLABLE)
    return counted.filter(left__lte=F("reorder_point")).order_by(F("left") - F("reorder_point"), "sku")


def _availability(sellable: int, tracked: bool, backorders: int, expected: date | None) -> Availability:
    if not tracked:
        return Availability(None)
    left = max(sellable + backorders, 0)
    here = max(sellable, 0)
    return Availability(left) if here == left else Availability(left, here, expected)
