"""The form of a saved address."""

import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django_countries import countries

from shop.accounts.models import Address

one_line = RegexValidator(r"^[^\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]*$", "Use letters, digits and punctuation only.")
PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{4,18}")
MISSING = {
    "name": "Enter the name for the parcel.",
    "line_1": "Enter the house and street.",
    "city": "Enter the town or city.",
    "country": "Choose the country.",
}
AUTOCOMPLETE = {
    "name": "name",
    "company": "organization",
    "line_1": "address-line1",
    "line_2": "address-line2",
    "city": "address-level2",
    "region": "address-level1",
    "postcode": "postal-code",
    "country": "country",
    "phone": "tel",
}


class AddressForm(forms.ModelForm[Address]):
    country = forms.ChoiceField(choices=lambda: [("", "Choose …"), *countries])
    default = forms.BooleanField(label="Fill this one in at the checkout", required=False)

    class Meta:
        model = Address
        fields = ["country", "name", "company", "line_1", "line_2", "city", "region", "postcode", "phone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, autocomplete in AUTOCOMPLETE.items():
            field = self.fields[name]
            field.widget.attrs["autocomplete"] = autocomplete
            if name in MISSING:
                field.error_messages["required"] = MISSING[name]
            if isinstance(field, forms.CharField):
                field.validators.append(one_line)
        self.fields["phone"].help_text = "For the courier, if there is a problem at the door."

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"].strip()
        if phone and not PHONE.fullmatch(phone):
            raise forms.ValidationError("Enter a phone number, such as 01473 000000 or +44 1473 000000.")
        return phone

    @property
    def facts(self) -> dict[str, Any]:
        """What the services store. Only of a valid form."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
