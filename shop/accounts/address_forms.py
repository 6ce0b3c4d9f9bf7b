"""The form of a saved address: as the chosen country writes it, like the checkout's."""

from typing import Any

from django import forms
from django.forms import BoundField
from django_countries import countries

from cms.selectors import shop_country
from shop.accounts.models import Address
from shop.addresses import fields
from shop.addresses.countries import address_form

FACTS = ("country", "name", "company", "line_1", "line_2", "city", "region", "postcode", "phone")


class AddressForm(forms.Form):
    """``country`` decides what is asked below the street: the one posted, else the ``initial`` one, else the shop's."""

    country = forms.ChoiceField(
        choices=lambda: list(countries),
        widget=forms.Select(attrs={"autocomplete": "country"}),
        error_messages={"required": "Choose the country.", "invalid_choice": "Choose the country."},
    )
    name = fields.name_field()
    company = fields.company_field()
    line_1, line_2 = fields.street_fields()
    phone = fields.phone_field()
    default = forms.BooleanField(label="Fill this one in at the checkout", required=False)

    def __init__(self, data: Any = None, *, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        wanted = str((data or initial).get("country") or "")
        self.chosen_country = wanted if wanted in dict(countries) else shop_country()
        self.initial["country"] = self.chosen_country
        self._parts = [part.name for part in address_form(self.chosen_country).parts]
        for part in address_form(self.chosen_country).parts:
            self.fields[part.name] = fields.part_field(part)
        self.fields["phone"].help_text = "For the courier, if there is a problem at the door."

    @property
    def parts(self) -> list[BoundField]:
        """The fields below the street, in the order of a letter."""
        return [self[name] for name in self._parts]

    def clean_postcode(self) -> str:
        return fields.clean_postcode(self.chosen_country, self.cleaned_data["postcode"])

    def clean_phone(self) -> str:
        return fields.clean_phone(self.chosen_country, self.cleaned_data["phone"])

    @property
    def facts(self) -> dict[str, Any]:
        """What the services store, empty where the country does not ask for it. Only of a valid form."""
        return {name: self.cleaned_data.get(name, "") for name in FACTS}


def facts_of(address: Address) -> dict[str, Any]:
    """What the form shows of a saved address."""
    return {"default": address.is_default, **{name: getattr(address, name) for name in FACTS}}
