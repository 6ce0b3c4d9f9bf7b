"""Form fields for arguments: a person types pounds and kilos, the table holds pence and grams."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from cms.selectors import shop_currency
from shop.money import MoneyError, exponent, to_decimal, to_minor

BANDS_MOST = 50
WEIGHT_MOST = 100_000_000  # grams; a hundred tonnes
# The word for a last band without an upper end.
ANYTHING = "any"

Band = list[int | None]


class BandsField(forms.CharField):
    """One band per line, ``up to: charge``; gives ``[[limit, charge], ...]``, the smallest first.

    ``limit`` is None for the last band where it has no upper end. What a limit counts is said by the subclasses.
    """

    widget = forms.Textarea(attrs={"rows": 5})

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        bands = [self._band(line) for line in text.splitlines() if line.strip()]
        if len(bands) > BANDS_MOST:
            raise forms.ValidationError(f"At most {BANDS_MOST} lines.", code="many")
        limits = [limit for limit, _ in bands]
        if len(set(limits)) < len(limits):
            raise forms.ValidationError("Two lines go up to the same.", code="twice")
        return sorted(bands, key=lambda band: (band[0] is None, band[0] or 0))

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(
            f"{ANYTHING if limit is None else self.shown(limit)}: {_decimal(cost)}" for limit, cost in value
        )

    def limit(self, text: str) -> int:
        """What stands before the colon. Raises ValidationError."""
        raise NotImplementedError

    def shown(self, limit: int) -> str:
        """The opposite."""
        raise NotImplementedError

    def _band(self, line: str) -> Band:
        limit, colon, cost = line.partition(":")
        if not colon:
            raise forms.ValidationError(f"“{line.strip()[:40]}” has no colon between limit and charge.", code="colon")
        open_end = limit.strip().casefold() == ANYTHING
        return [None if open_end else self.limit(limit.strip()), _money(cost.strip())]


class WeightBandsField(BandsField):
    """Limits are weights: ``500 g``, ``2 kg``; kept in grams."""

    def limit(self, text: str) -> int:
        found = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)\s*(kg|g)", text.casefold())
        if not found:
            raise forms.ValidationError(f"“{text[:40]}” is no weight such as 500 g or 2.5 kg.", code="weight")
        grams = Decimal(found[1]) * (1000 if found[2] == "kg" else 1)
        if grams != grams.to_integral_value() or not 0 < grams <= WEIGHT_MOST:
            raise forms.ValidationError(f"“{text[:40]}” is not a whole number of grams.", code="weight")
        return int(grams)

    def shown(self, limit: int) -> str:
        return weight_text(limit)


class ValueBandsField(BandsField):
    """Limits are amounts of the shop's currency; kept in minor units."""

    def limit(self, text: str) -> int:
        return _money(text)

    def shown(self, limit: int) -> str:
        return _decimal(limit)


def weight_text(grams: int) -> str:
    """``500 g``, ``2.5 kg``."""
    return f"{grams} g" if grams % 100 else f"{Decimal(grams) / 1000:f} kg"


def _money(text: str) -> int:
    try:
        minor = to_minor(text, shop_currency())
    except (MoneyError, InvalidOperation) as error:
        raise forms.ValidationError(str(error), code="invalid") from error
    if minor < 0:
        raise forms.ValidationError("This cannot be less than 0.", code="min_value")
    return minor


def _decimal(minor: int) -> str:
    currency = shop_currency()
    return f"{to_decimal(minor, currency):.{exponent(currency)}f}"
