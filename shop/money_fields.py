"""Form fields for money and rates: a person types pounds and per cent, whole numbers are stored."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from cms.selectors import shop_currency
from shop.money import BASIS_POINTS, MoneyError, exponent, to_decimal, to_minor

_POINTS_PER_CENT = BASIS_POINTS // 100


class MoneyField(forms.Field):
    """Takes a decimal amount, gives minor units of at least ``least``; without ``currency`` in that of the shop."""

    widget = forms.NumberInput

    def __init__(self, *, currency: str = "", least: int = 0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._currency, self.least = currency, least
        self.widget.attrs.update({"min": "0", "step": "any", "inputmode": "decimal"})

    @property
    def currency(self) -> str:
        """Read when it is needed: the shop's may change while the process runs."""
        return self._currency or shop_currency()

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        try:
            minor = to_minor(value, self.currency)
        except MoneyError as error:
            raise forms.ValidationError(str(error), code="invalid") from error
        if minor < self.least:
            word = "less than 0" if self.least == 0 else "0 or less"
            raise forms.ValidationError(f"This cannot be {word}.", code="min_value")
        return minor

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        return f"{to_decimal(value, self.currency):.{exponent(self.currency)}f}"


class PercentField(forms.Field):
    """Takes per cent with at most two decimal places, gives basis points of at least ``least``: 17.5 becomes 1750."""

    widget = forms.NumberInput

    def __init__(self, *, least: int = 0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.least = least
        self.widget.attrs.update({"min": "0", "max": "100", "step": "0.01", "inputmode": "decimal"})

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        try:
            percent = Decimal(str(value).strip())
        except InvalidOperation:
            raise forms.ValidationError("Enter a number.", code="invalid") from None
        if not percent.is_finite() or not 0 <= percent <= 100 or percent * _POINTS_PER_CENT < self.least:
            start = "from 0 to" if self.least == 0 else "above 0 and at most"
            raise forms.ValidationError(f"Enter a rate {start} 100 per cent.", code="range")
        points = percent * _POINTS_PER_CENT
        if points != points.to_integral_value():
            raise forms.ValidationError("Enter at most two decimal places.", code="places")
        return int(points)

    def prepare_value(self, value: Any) -> Any:
        return f"{(Decimal(value) / _POINTS_PER_CENT).normalize():f}" if isinstance(value, int) else value
