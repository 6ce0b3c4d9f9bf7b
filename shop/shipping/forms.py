"""Editing the delivery charge: a person types pounds, the table holds pence."""

from typing import Any

from django import forms
from wagtail.admin.forms import WagtailAdminModelForm

from cms.selectors import shop_currency
from shop.money import MoneyError, exponent, to_decimal, to_minor


class MoneyField(forms.Field):
    """Takes a decimal amount of the shop's currency, gives minor units; never negative."""

    widget = forms.NumberInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.update({"min": "0", "step": "any", "inputmode": "decimal"})

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        try:
            minor = to_minor(value, shop_currency())
        except MoneyError as error:
            raise forms.ValidationError(str(error), code="invalid") from error
        if minor < 0:
            raise forms.ValidationError("This cannot be less than 0.", code="min_value")
        return minor

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        currency = shop_currency()
        return f"{to_decimal(value, currency):.{exponent(currency)}f}"


class ShippingSettingsForm(WagtailAdminModelForm):
    """Amounts as decimals."""

    flat_rate = MoneyField(label="Delivery charge", help_text="Tax included. 0 delivers everything free.")
    free_from = MoneyField(
        label="Free from", required=False, help_text="Products for this much or more are delivered free. Empty: never."
    )
