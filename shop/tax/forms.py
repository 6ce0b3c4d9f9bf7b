"""Editing a tax rate: a person types per cent, the table holds basis points."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from wagtail.admin.forms import WagtailAdminModelForm

from shop.money import BASIS_POINTS

_POINTS_PER_CENT = BASIS_POINTS // 100


class PercentField(forms.Field):
    """Takes per cent with at most two decimal places, gives basis points: 17.5 becomes 1750."""

    widget = forms.NumberInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.update({"min": "0", "max": "100", "step": "0.01", "inputmode": "decimal"})

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        try:
            percent = Decimal(str(value).strip())
        except InvalidOperation:
            raise forms.ValidationError("Enter a number.", code="invalid") from None
        if not percent.is_finite() or not 0 <= percent <= 100:
            raise forms.ValidationError("Enter a rate from 0 to 100 per cent.", code="range")
        points = percent * _POINTS_PER_CENT
        if points != points.to_integral_value():
            raise forms.ValidationError("Enter at most two decimal places.", code="places")
        return int(points)

    def prepare_value(self, value: Any) -> Any:
        return f"{Decimal(value) / _POINTS_PER_CENT:f}" if isinstance(value, int) else value


class TaxSettingsForm(WagtailAdminModelForm):
    """The rate as per cent."""

    rate = PercentField(label="Rate in per cent", help_text="Included in every price. 0 where you charge none.")
