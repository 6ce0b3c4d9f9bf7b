"""Form fields for the arguments of kinds: a person types pounds and per cent, whole numbers are stored."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from shop.money import BASIS_POINTS, MoneyError, exponent, to_decimal, to_minor

_POINTS_PER_CENT = BASIS_POINTS // 100
# No order has more units than this many, so no argument that counts units needs more.
MOST_UNITS = 9_900


class MoneyField(forms.Field):
    """Takes a decimal amount of ``currency``, gives minor units; ``least`` is in minor units."""

    widget = forms.NumberInput

    def __init__(self, *, currency: str, least: int = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.currency, self.least = currency, least
        self.widget.attrs.update({"min": "0", "step": "any", "inputmode": "decimal"})

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
    """Takes per cent above 0 with at most two decimal places, gives basis points: 17.5 becomes 1750."""

    widget = forms.NumberInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.update({"min": "0.01", "max": "100", "step": "0.01", "inputmode": "decimal"})

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        try:
            percent = Decimal(str(value).strip())
        except InvalidOperation:
            raise forms.ValidationError("Enter a number.", code="invalid") from None
        if not percent.is_finite() or not 0 < percent <= 100:
            raise forms.ValidationError("Enter more than 0 and at most 100 per cent.", code="range")
        points = percent * _POINTS_PER_CENT
        if points != points.to_integral_value():
            raise forms.ValidationError("Enter at most two decimal places.", code="places")
        return int(points)

    def prepare_value(self, value: Any) -> Any:
        return f"{(Decimal(value) / _POINTS_PER_CENT).normalize():f}" if isinstance(value, int) else value


def units_field(*, label: str, least: int = 1, required: bool = True, help_text: str = "") -> forms.IntegerField:
    """A number of units or times."""
    return forms.IntegerField(
        label=label, min_value=least, max_value=MOST_UNITS, required=required, help_text=help_text
    )
