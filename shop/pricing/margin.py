"""What is left of a price after the cost: the price is with tax, the cost without."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from shop.money import included_tax


def _none() -> int:
    return 0


_rate: Callable[[], int] = _none


def register_tax_rate(source: Callable[[], int]) -> None:
    """Name who knows the rate of tax inside prices, in basis points (a room above does, when it starts)."""
    global _rate
    _rate = source


def tax_rate() -> int:
    """The rate of tax inside prices, in basis points; 0 where nobody knows."""
    return _rate()


def margin(*, amount: int | None, cost: int | None, rate: int) -> Decimal | None:
    """Per cent of the price without tax that is left, with one decimal; None where there is no price or no cost."""
    if not amount or cost is None:
        return None
    net = amount - included_tax(amount, rate)
    if net <= 0:
        return None
    return (Decimal(net - cost) * 100 / net).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
