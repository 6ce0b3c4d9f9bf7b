"""Editing classes and rates of tax: a person types per cent, the table holds basis points."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone
from django_countries import countries
from wagtail.admin.forms import WagtailAdminModelForm

from cms.selectors import shop_country
from shop.money_fields import PercentField
from shop.tax.missing import home_name, rates_at_home
from shop.tax.models import TaxClass, TaxRate

GRACE = timedelta(hours=1)


class TaxClassForm(WagtailAdminModelForm):
    """Making a class the default takes that from the one that was."""

    class Meta:
        model = TaxClass
        fields = ["name", "code", "is_default"]

    def clean_is_default(self) -> bool:
        wanted: bool = self.cleaned_data["is_default"]
        if self.instance.is_default and not wanted:
            raise forms.ValidationError("One class is the default. Make another one the default instead.")
        if wanted and not self.instance.is_default and not self._has_rate():
            raise forms.ValidationError(
                f"It has no rate yet in your own country ({home_name()}), so what you sell would be without tax. Save "
                "it without this, add its rate, then make it the default."
            )
        return wanted

    def _has_rate(self) -> bool:
        return self.instance.pk is not None and rates_at_home().filter(tax_class=self.instance.pk).exists()

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The list begins with a country that few shops are in.
        self.initial["country"] = self.initial.get("country") or shop_country()

    def clean_valid_from(self) -> datetime:
        moment: datetime = self.cleaned_data["valid_from"]
        # Orders of the past have been taxed. An hour's grace: the form is filled in with the time at which it opened.
        if moment < timezone.now() - GRACE:
            raise forms.ValidationError("A rate cannot begin in the past: what was sold stays as it was taxed.")
        return moment
