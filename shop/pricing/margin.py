"""What is left of a price after the cost: the price is with tax, the cost without."""

from collections.abc import Callable, Collection, Mapping
from decimal import ROUND_HALF_UP, Decimal

from shop.money import included_tax

# Ids of variants -> the rate of tax inside the price of each, in basis points.
RateSource = Callable[[Collection[int]], Mapping[int, int]]


def _none(variant_ids: Collection[int]) -> Mapping[int, int]:
    return {}


_rates: RateSource = _none


def register_tax_rates(source: RateSource) -> None:
    """Name who knows the rates of tax inside prices (a room above does, when it starts)."""
    global _rates
    _rates = source


def tax_rates(variant_ids: Collection[int]) -> Mapping[int, int]:
    """The rate of tax inside the price of each variant, in basis points; who is not in it has 0."""
    return _rates(variant_ids)


def margin(*, amount: int | None, cost: int | None, rate: int) -> Decimal | None:
    """Per cent of the price without tax that is left, with one decimal; None where there is no price or no cost."""
    if not amount or cost is None:
        return None
    net = amount - included_tax(amount, rate)
    if net <= 0:
        return None
    return (Decimal(net - cost) * 100 / net).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
