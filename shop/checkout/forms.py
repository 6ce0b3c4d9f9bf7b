"""The one page of the checkout. Its address is the chosen country's; most of it is never asked of a British guest."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.forms import BoundField
from django.utils.datastructures import MultiValueDict

from shop.addresses import fields
from shop.addresses.countries import address_form, country_name
from shop.cart.contents import Cart
from shop.orders.drafts import Contact
from shop.payments.providers.base import PaymentProvider
from shop.shipping.selectors import Option
from shop.tax.notes import number_note
from shop.tax.numbers import LENGTH_MOST as TAX_NUMBER_LENGTH
from shop.tax.numbers import parse

STREET = ("address_line_1", "address_line_2")
CONTACT_FIELDS = ("email", "name", "company", "phone", *STREET, "city", "region", "postcode", "tax_number")
TYPED_LENGTH = 254
NO_TAX_NUMBER = "This is no VAT number of the EU or the UK. Check it, or leave it empty."


class CheckoutForm(forms.Form):
    """Who buys, where it goes, how it is paid. Nobody is asked for the address of a download, or of what is collected.

    ``served`` are the countries to choose from, ``country`` is the chosen one, ``options`` the ways of delivery of this
    cart to it.
    """

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
    phone = fields.phone_field()
    country = forms.ChoiceField(
        label="Country",
        required=False,
        widget=forms.Select(attrs={"autocomplete": "country"}),
        error_messages={"invalid_choice": "Choose a country that we deliver to."},
    )
    delivery = forms.ChoiceField(
        label="Delivery",
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "That way of delivery is no longer offered. Choose one of these."},
    )
    name = fields.name_field()
    address_line_1, address_line_2 = fields.street_fields()
    company = fields.company_field()
    tax_number = fields.text_field("VAT number", "off", required=False, max_length=TAX_NUMBER_LENGTH + 10)
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

    def __init__(
        self,
        *args: Any,
        providers: Iterable[PaymentProvider],
        cart: Cart,
        country: str,
        served: Sequence[tuple[str, str]],
        options: Sequence[Option],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.cart, self.chosen_country, self.options = cart, country, options
        self.address = address_form(country)
        self._ask_address()
        self._ask_delivery(served)
        if settings.CHECKOUT_REQUIRE_PHONE:
            self.fields["phone"].required = True
        self._offer("provider", [(provider.code, provider.label) for provider in providers])

    @property
    def asks_address(self) -> bool:
        """Whether the order goes anywhere."""
        return self.cart.needs_delivery and not (self.cart.delivery and self.cart.delivery.is_collected)

    @property
    def address_rows(self) -> list[list[BoundField]]:
        """The fields below the street as they stand on the page: two to a row, an odd one alone before them."""
        fields = [self[part.name] for part in self.address.parts] if self.asks_address else []
        odd = len(fields) % 2
        return [fields[:odd]] * odd + [fields[start : start + 2] for start in range(odd, len(fields), 2)]

    def _ask_address(self) -> None:
        if not self.asks_address:
            for name in STREET:
                del self.fields[name]
            self.fields["name"].error_messages["required"] = "Enter your name."
            return
        for part in self.address.parts:
            self.fields[part.name] = fields.part_field(part)

    def _ask_delivery(self, served: Sequence[tuple[str, str]]) -> None:
        if not self.cart.needs_delivery:
            del self.fields["country"], self.fields["delivery"]
            return
        self._offer("country", list(served))
        self.initial["country"] = self.chosen_country
        self._offer("delivery", [(option.code, option.label) for option in self.options])
        self.initial["delivery"] = self.cart.delivery.code if self.cart.delivery else ""

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices
        if choices and name == "provider":
            field.initial = choices[0][0]

    @property
    def tax_number_word(self) -> tuple[str, str]:
        """What is wrong with the number that was typed, and what a right one does: said before the order is sent."""
        typed = str(self["tax_number"].value() or "").strip()
        if not typed:
            return "", ""
        number = parse(typed, country=self.chosen_country)
        if number is None:
            return NO_TAX_NUMBER, ""
        return "", number_note(self.cart.tax, number) if self.cart.tax else ""

    def clean_postcode(self) -> str:
        return fields.clean_postcode(self.chosen_country, self.cleaned_data["postcode"])

    def clean_phone(self) -> str:
        return fields.clean_phone(self.chosen_country, self.cleaned_data["phone"])

    def clean_tax_number(self) -> str:
        typed: str = self.cleaned_data["tax_number"]
        number = parse(typed, country=self.chosen_country) if typed else None
        if typed and number is None:
            raise forms.ValidationError(NO_TAX_NUMBER, code="invalid")
        return number.text if number else ""

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"]
        return address.lower()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.cart.is_undeliverable and "country" not in self.errors:
            self.add_error("country", f"We cannot deliver your cart to {country_name(self.chosen_country)}.")
        return data

    def contact(self) -> Contact:
        """What the order freezes. Only of a valid form."""
        facts = {name: self.cleaned_data.get(name, "") for name in CONTACT_FIELDS}
        return Contact(**facts, country=self.chosen_country)


def typed(data: MultiValueDict[str, Any]) -> dict[str, str]:
    """What the buyer should find again, whether it was right or not, also of fields that are not asked just now."""
    return {name: str(data.get(name, ""))[:TYPED_LENGTH] for name in (*CONTACT_FIELDS, "provider") if name in data}


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
