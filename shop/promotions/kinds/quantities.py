"""Kinds that look at how many of the products there are."""

from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction

from django import forms

from shop.money import BASIS_POINTS
from shop.money_fields import MoneyField, PercentField
from shop.promotions.fields import MOST_UNITS, units_field
from shop.promotions.kinds.base import (
    Arguments,
    Kind,
    Line,
    cheapest_first,
    dearest_first,
    half_up,
    money_text,
    percent_text,
    spread_over,
    take_units,
    units,
)

_TIMES_HELP = "Empty: as often as the products allow."


def count_units(lines: Sequence[Line]) -> int:
    """All units of the lines."""
    return sum(line.quantity for line in lines)


class BuySomeGetSome(Kind):
    """Of every ``buy + get`` units the cheapest of the whole cart are free, or cheaper."""

    code = "buy_get"
    label = "Buy some, get some free"
    description = "Buy 2, get 1 free: of every three, one is free. The cheapest in the cart are the free ones."

    def fields(self, currency: str) -> dict[str, forms.Field]:
        return {
            "buy": units_field(label="Buy", help_text="Units at their full price."),
            "get": units_field(label="Get", help_text="Further units that are free, or cheaper."),
            "percent": PercentField(
                label="Per cent off those", least=1, initial=BASIS_POINTS, help_text="100: they are free."
            ),
            "times": units_field(label="Times per order, at most", required=False, help_text=_TIMES_HELP),
        }

    def check(self, arguments: Arguments) -> str:
        size = arguments["buy"] + arguments["get"]
        return "" if size <= MOST_UNITS else f"Together these are more units than an order can have ({MOST_UNITS})."

    def benefit(self, arguments: Arguments, currency: str) -> str:
        off = arguments["percent"]
        how = {BASIS_POINTS: "free", BASIS_POINTS // 2: "half price"}.get(off, f"at {percent_text(off)} off")
        return f"buy {arguments['buy']}, get {arguments['get']} {how}"

    def saving(self, lines: Sequence[Line], arguments: Arguments) -> dict[str, int]:
        size = arguments["buy"] + arguments["get"]
        times = min(count_units(lines) // size, arguments.get("times") or MOST_UNITS)
        cheap = take_units(cheapest_first(lines), times * arguments["get"])
        share = Fraction(arguments["percent"], BASIS_POINTS)
        found = {line.sku: half_up(line.each * count * share) for line, count in cheap}
        return {sku: saved for sku, saved in found.items() if saved}

    def missing(self, lines: Sequence[Line], arguments: Arguments) -> int:
        size = arguments["buy"] + arguments["get"]
        rounds, left = divmod(count_units(lines), size)
        if arguments.get("times") and rounds >= arguments["times"]:
            return 0
        return size - left if left >= arguments["buy"] else 0


class BundlePrice(Kind):
    """Any so many units for one price. The dearest are put together first, which is best for the buyer."""

    code = "bundle_price"
    label = "Several for one price"
    description = "Any 3 for £10, in any mix of the products."

    def fields(self, currency: str) -> dict[str, forms.Field]:
        return {
            "units": units_field(label="Units", least=2),
            "price": MoneyField(label="Price of all together", currency=currency, least=0),
            "times": units_field(label="Times per order, at most", required=False, help_text=_TIMES_HELP),
        }

    def benefit(self, arguments: Arguments, currency: str) -> str:
        return f"any {units(arguments['units'])} for {money_text(arguments['price'], currency)}"

    def saving(self, lines: Sequence[Line], arguments: Arguments) -> dict[str, int]:
        ordered, size, price = dearest_first(lines), arguments["units"], arguments["price"]
        most = min(count_units(lines) // size, arguments.get("times") or MOST_UNITS)
        # Sets only get cheaper: the first one that saves nothing ends it.
        times = bisect_left(range(most), True, key=lambda number: _set_cost(ordered, number, size) <= price)
        parts = [
            Line(line.sku, line.title, count, half_up(line.each * count))
            for line, count in take_units(ordered, times * size)
        ]
        return spread_over(max(sum(part.amount for part in parts) - times * price, 0), parts)

    def missing(self, lines: Sequence[Line], arguments: Arguments) -> int:
        rounds, left = divmod(count_units(lines), arguments["units"])
        if arguments.get("times") and rounds >= arguments["times"]:
            return 0
        wanted = int(arguments["units"]) - left
        # Somebody who has one of ten does not want to hear of nine.
        return wanted if left and wanted <= 2 else 0


def _set_cost(ordered: Sequence[Line], number: int, size: int) -> Fraction:
    """What the set with this number costs, from 0."""
    return _cost(ordered, (number + 1) * size) - _cost(ordered, number * size)


def _cost(ordered: Sequence[Line], count: int) -> Fraction:
    """What the first units cost."""
    return sum((line.each * taken for line, taken in take_units(ordered, count)), Fraction(0))
