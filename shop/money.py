"""Money as whole minor units (pence, cents, yen) beside an ISO 4217 currency code.

No float and no database decimal ever holds money: SQLite has no exact decimal, and an integer cannot drift.
Every function here is pure. Rounding happens once, half-up, at the places named below.
"""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache, lru_cache

from babel.numbers import format_currency, get_currency_precision, is_currency

# Rates (VAT and the like) are whole basis points: 2000 is 20 %.
BASIS_POINTS = 10_000
# The largest amount that a price or total may have, in minor units: fits a signed 64-bit column with room for sums.
MAX_AMOUNT = 10**13


class MoneyError(ValueError):
    """An amount or currency that cannot be money; the message names what was given."""


@cache
def exponent(currency: str) -> int:
    """Number of decimal places of a currency: GBP 2, JPY 0, KWD 3. Raises MoneyError for an unknown code."""
    if not is_currency(currency):
        raise MoneyError(f"{currency!r} is not an ISO 4217 currency code.")
    return int(get_currency_precision(currency))


def to_minor(amount: Decimal | str | int, currency: str) -> int:
    """Whole minor units of a decimal amount; refuses more decimal places than the currency has."""
    try:
        value = Decimal(str(amount).strip())
    except InvalidOperation:
        raise MoneyError(_no_amount(amount, currency)) from None
    if not value.is_finite():
        raise MoneyError(_no_amount(amount, currency))
    places = exponent(currency)
    # Checked before scaling: a huge exponent would cost memory.
    if value.adjusted() > len(str(MAX_AMOUNT)):
        raise MoneyError(f"{amount!r} is too large.")
    scaled = value.scaleb(places)
    if scaled != scaled.to_integral_value():
        raise MoneyError(f"{amount!r} has more than {places} decimal places, the most that {currency} has.")
    minor = int(scaled)
    if abs(minor) > MAX_AMOUNT:
        raise MoneyError(f"{amount!r} is too large.")
    return minor


def _no_amount(amount: object, currency: str) -> str:
    """What to write instead, after the amount itself where it has commas: 32,50 is 32.50, and 1,299.00 is 1299.00."""
    text, example = str(amount).strip(), str(to_decimal(1250, currency))
    if re.fullmatch(r"\d{1,13},\d{1,2}", text, re.ASCII) and exponent(currency):
        example = text.replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", text, re.ASCII):
        example = text.replace(",", "")
    return f"{amount!r} is not an amount of money. Write it like {example}."


def to_decimal(minor: int, currency: str) -> Decimal:
    """The decimal amount of whole minor units, with exactly the currency's number of places."""
    return Decimal(minor).scaleb(-exponent(currency))


# A page shows dozens of amounts, and the same ones again and again.
@lru_cache(maxsize=4096)
def format_money(minor: int, currency: str, locale: str = "en_GB") -> str:
    """Text for a person: ``format_money(1250, "GBP")`` is ``£12.50``."""
    return format_currency(to_decimal(minor, currency), currency, locale=locale)


def included_tax(gross: int, rate: int) -> int:
    """The tax inside a gross amount, in minor units, at ``rate`` basis points; rounded once, half-up."""
    exact = Decimal(gross) * rate / (BASIS_POINTS + rate)
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def added_tax(net: int, rate: int) -> int:
    """The tax on top of a net amount, in minor units, at ``rate`` basis points; rounded once, half-up."""
    exact = Decimal(net) * rate / BASIS_POINTS
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def reduction(amount: int, prior: int) -> int:
    """By how many whole per cent ``amount`` is below ``prior``; rounded down, so that no saving is overstated."""
    return max(0, (prior - amount) * 100 // prior) if prior > 0 else 0


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """Split ``total`` in proportion to ``weights`` so that the parts add up to it exactly (largest remainder).

    Raises MoneyError where nothing carries weight or a weight is negative.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise MoneyError("Nothing to spread over: the weights must be at least 0 and add up to more than 0.")
    sign = -1 if total < 0 else 1
    magnitude = abs(total)
    parts = [magnitude * weight // whole for weight in weights]
    remainders = [magnitude * weight % whole for weight in weights]
    missing = magnitude - sum(parts)
    for index in sorted(range(len(weights)), key=lambda i: (-remainders[i], i))[:missing]:
        parts[index] += 1
    return [sign * part for part in parts]
