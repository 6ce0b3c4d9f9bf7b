"""What single cells of product files mean, whatever the dialect. Each docstring says what is refused."""

import re
from decimal import Decimal, InvalidOperation

from shop.money import MoneyError, to_minor

GRAMS = {
    "": Decimal(1),
    "g": Decimal(1),
    "kg": Decimal(1000),
    "lb": Decimal("453.59237"),
    "oz": Decimal("28.349523125"),
}
MAX_GRAMS = 100_000_000  # 100 tonnes
MAX_QUANTITY = 1_000_000_000
BARCODE_LENGTH = 32

_TRUE = frozenset({"true", "yes", "y", "1", "on"})
_FALSE = frozenset({"false", "no", "n", "0", "off"})
# 1,299.00: a comma before every third digit and then decimals, or a comma between groups of three only once certain.
_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


class CellError(ValueError):
    """A cell that cannot be understood; the message quotes it."""


def line_of_text(cell: str | None) -> str:
    """One line without control characters, outer or doubled blanks."""
    if not cell:
        return ""
    return " ".join(_CONTROL.sub(" ", cell).split())


def quoted(cell: str, limit: int = 60) -> str:
    """A cell as it may appear in a message."""
    text = line_of_text(cell)
    return f"“{text[:limit]}…”" if len(text) > limit else f"“{text}”"


def amount(cell: str, currency: str) -> int:
    """Minor units of a price: ``12.50``, ``£12.50``, ``1,299.00``. Negative and over-precise amounts are refused."""
    text = line_of_text(cell).replace("\u00a0", "").replace(" ", "").lstrip("'")
    text = re.sub(r"^(?:[A-Za-z]{3}|[^\w.,+-])|(?:[A-Za-z]{3}|[^\w.,])$", "", text)
    if _THOUSANDS.fullmatch(text) and ("." in text or text.count(",") > 1):
        text = text.replace(",", "")
    if not re.fullmatch(r"-?(?:\d+\.?\d*|\.\d+)", text, re.ASCII):
        raise CellError(quoted(cell))
    try:
        minor = to_minor(text, currency)
    except MoneyError as error:
        raise CellError(f"{quoted(cell)} ({error})") from None
    if minor < 0:
        raise CellError(quoted(cell))
    return minor


def whole_number(cell: str) -> int:
    """A count: ``12``, ``-3``, ``1,200``, ``12.0``. Fractions and numbers without measure are refused."""
    text = line_of_text(cell).lstrip("'")
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    number = _decimal(text, cell)
    if number != number.to_integral_value() or abs(number) > MAX_QUANTITY:
        raise CellError(quoted(cell))
    return int(number)


def grams(cell: str, unit: str = "") -> int | None:
    """Whole grams of a weight in ``unit`` (g, kg, lb, oz), or None for 0: unknown. Negative weights are refused."""
    factor = GRAMS.get(line_of_text(unit).lower())
    if factor is None:
        raise CellError(f"{quoted(cell)} {quoted(unit)}")
    weight = _decimal(line_of_text(cell), cell) * factor
    if weight < 0 or weight > MAX_GRAMS:
        raise CellError(quoted(cell))
    # Half a gram of something light must not become an unknown weight.
    return max(round(weight), 1) if weight else None


def flag(cell: str) -> bool | None:
    """Yes or no in a spreadsheet's words; None for anything else."""
    word = line_of_text(cell).lower()
    return True if word in _TRUE else False if word in _FALSE else None


def barcode(cell: str) -> str:
    """A barcode without a spreadsheet's apostrophe. Rounded (8.13E+11) and overlong ones are refused."""
    text = line_of_text(cell).lstrip("'").strip()
    if len(text) > BARCODE_LENGTH or re.fullmatch(r"\d+(\.\d+)?[eE]\+?\d+", text):
        raise CellError(quoted(cell))
    return text.removesuffix(".0") if re.fullmatch(r"\d+\.0", text) else text


def _decimal(text: str, cell: str) -> Decimal:
    # The length is checked first: Decimal reads 1E999999999 in no time, arithmetic with it does not end.
    try:
        number = Decimal(text) if len(text) <= 30 and text.isascii() else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or number.adjusted() > 15:
        raise CellError(quoted(cell))
    return number
