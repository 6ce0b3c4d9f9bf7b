"""Editing classes and rates of tax: a person types per cent, the table holds basis points."""

from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone
from django_countries import countries
from wagtail.admin.forms import WagtailAdminModelForm

from shop.money import BASIS_POINTS
from shop.tax.models import TaxClass, TaxRate

GRACE = timedelta(hours=1)
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


class TaxClassForm(WagtailAdminModelForm):
    """Making a class the default takes that from the one that was."""

    class Meta:
        model = TaxClass
        fields = ["name", "code", "is_default"]

    def clean_is_default(self) -> bool:
        wanted: bool = self.cleaned_data["is_default"]
        if self.instance.is_default and not wanted:
            raise forms.ValidationError("One class is the default. Make another one the default instead.")
        return wanted

    def _get_validation_exclusions(self) -> set[str]:
        # That there is one default is seen to by ``save``, which the check before it cannot know.
        exclusions: set[str] = super()._get_validation_exclusions()
        return exclusions | {"is_default"}

    def save(self, commit: bool = True) -> Any:
        """Both rows change together."""
        with transaction.atomic():
            if self.cleaned_data["is_default"]:
                TaxClass.objects.exclude(pk=self.instance.pk).filter(is_default=True).update(is_default=False)
            return super().save(commit=commit)


class TaxRateForm(WagtailAdminModelForm):
    """A new rate, from a moment on."""

    country = forms.ChoiceField(choices=lambda: list(countries))
    rate = PercentField(label="Rate in per cent", help_text="0 where the country charges none.")

    class Meta:
        model = TaxRate
        fields = ["tax_class", "country", "rate", "valid_from"]

    def clean_valid_from(self) -> datetime:
        moment: datetime = self.cleaned_data["valid_from"]
        # Orders of the past have been taxed. An hour's grace: the form is filled in with the time at which it opened.
        if moment < timezone.now() - GRACE:
            raise forms.ValidationError("A rate cannot begin in the past: what was sold stays as it was taxed.")
        return moment
