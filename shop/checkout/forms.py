"""The one page of the checkout: seven fields and, for some ways to pay, one more."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.datastructures import MultiValueDict

from shop.checkout.postcodes import normalise_postcode
from shop.orders.drafts import Contact
from shop.payments.providers.base import PaymentProvider

# The shop delivers here and nowhere else, so it does not ask.
COUNTRY = "GB"
ADDRESS_FIELDS = ("address_line_1", "address_line_2", "city", "postcode")
CONTACT_FIELDS = ("email", "name", "address_line_1", "address_line_2", "city", "postcode")

one_line = RegexValidator(r"^[^\x00-\x1f\x7f\u2028\u2029]*$", "Use letters, digits and punctuation only.")


def _text(label: str, autocomplete: str, missing: str, *, required: bool = True, max_length: int = 100) -> Any:
    return forms.CharField(
        label=label,
        required=required,
        max_length=max_length,
        validators=[one_line],
        widget=forms.TextInput(attrs={"autocomplete": autocomplete}),
        error_messages={"required": missing},
    )


class CheckoutForm(forms.Form):
    """Who buys, where it goes, how it is paid. Without ``delivery`` nobody is asked where it goes."""

    # The front of the shop writes the page; Django only says which field an error belongs to.
    use_required_attribute = True

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={
            "required": "Enter your e-mail address, so that we can confirm your order.",
            "invalid": "Enter a whole e-mail address, such as ann@example.com.",
        },
    )
    name = _text("Full name", "name", "Enter the name for the parcel.")
    address_line_1 = _text("Address", "address-line1", "Enter the house and street.")
    address_line_2 = _text("Flat, building", "address-line2", "", required=False)
    city = _text("Town or city", "address-level2", "Enter the town or city.")
    postcode = _text("Postcode", "postal-code", "Enter the postcode.", max_length=16)
    provider = forms.ChoiceField(
        label="Payment",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose how you would like to pay.",
            "invalid_choice": "Choose one of the ways to pay below.",
        },
    )
    # The attempt's key, the cart that the buyer saw, and what it cost: see services.place_order.
    attempt = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    total_seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, providers: Iterable[PaymentProvider], delivery: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not delivery:
            for name in ADDRESS_FIELDS:
                del self.fields[name]
            self.fields["name"].error_messages["required"] = "Enter your name."
        offered = list(providers)
        field: Any = self.fields["provider"]
        field.choices = [(provider.code, provider.label) for provider in offered]
        if offered:
            field.initial = offered[0].code

    def clean_postcode(self) -> str:
        postcode = normalise_postcode(self.cleaned_data["postcode"])
        if postcode is None:
            raise forms.ValidationError("Enter a British postcode, such as IP4 1AA.", code="invalid")
        return postcode

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"]
        return address.lower()

    def contact(self) -> Contact:
        """What the order freezes. Only of a valid form."""
        return Contact(**{name: self.cleaned_data.get(name, "") for name in CONTACT_FIELDS}, country=COUNTRY)

    def typed(self) -> dict[str, str]:
        """What the buyer should find again, whether it was right or not."""
        asked = [name for name in (*CONTACT_FIELDS, "provider") if name in self.fields]
        return {name: str(self[name].value() or "")[:254] for name in asked}


class ProviderChoice:
    """A way to pay as the page shows it, with the form for its further questions, if it has any."""

    def __init__(self, provider: PaymentProvider, data: MultiValueDict[str, Any] | None) -> None:
        self.provider = provider
        self.code, self.label, self.description = provider.code, provider.label, provider.description
        chosen = data is not None and data.get("provider") == provider.code
        self.form: forms.Form | None = None
        if provider.form_class:
            self.form = provider.form_class(data if chosen else None, prefix=provider.code)

    def is_valid(self) -> bool:
        """Whether the further questions are answered. Only for the provider that was chosen."""
        return self.form is None or self.form.is_valid()

    @property
    def data(self) -> dict[str, Any]:
        """The answers, for the provider."""
        return dict(self.form.cleaned_data) if self.form else {}


def posted_key(data: MultiValueDict[str, Any]) -> uuid.UUID | None:
    """The attempt's key as it was posted, whatever else is wrong with the form."""
    try:
        return uuid.UUID(data.get("attempt", ""))
    except ValueError:
        return None
