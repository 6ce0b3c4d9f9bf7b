"""Ranges as addresses carry them, ``250-500`` and ``500-``, and round numbers to end them at."""

import re
from collections.abc import Sequence
from decimal import Decimal
from math import floor, log10

_NUMBER = r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?"
_RANGE = re.compile(rf"({_NUMBER})-({_NUMBER})")
_OPEN = re.compile(rf"({_NUMBER})-")
_ONE = re.compile(_NUMBER)


def parse(text: str) -> tuple[Decimal, Decimal | None, bool] | None:
    """Lower end, upper end (None: open) and whether that belongs to it; None for what is no range.

    A single number is the range of itself.
    """
    if _ONE.fullmatch(text):
        return Decimal(text), Decimal(text), True
    if found := _OPEN.fullmatch(text):
        return Decimal(found[1]), None, False
    if found := _RANGE.fullmatch(text):
        return Decimal(found[1]), Decimal(found[2]), False
    return None


def name(low: float, high: float | None) -> str:
    """How an address writes a range."""
    return f"{plain(low)}-" if high is None else f"{plain(low)}-{plain(high)}"


def plain(number: float) -> str:
    """Without an exponent and without zeros at the end: 2.5, 100000."""
    text = format(Decimal(repr(number)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def ends(quantiles: Sequence[float]) -> list[float]:
    """Round numbers near the quantiles, ascending, each once: where one range ends and the next one begins."""
    return sorted({rounded for value in quantiles if (rounded := _round(value))})


def _round(value: float) -> float:
    """To the nearest of 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten."""
    if not value:
        return 0.0
    power = 10.0 ** floor(log10(abs(value)))
    step = min((1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10), key=lambda nice: abs(abs(value) / power - nice))
    rounded = round(step * power, 6)
    return rounded if value > 0 else -rounded
