"""Form fields of an address, and what is typed into them as it is stored. The same wherever an address is asked for."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from shop.addresses.countries import POSTCODE_LENGTH, AddressPart, address_form, country_name, written_postcode
from shop.addresses.phones import LENGTH_MOST, written_phone

LINE_LENGTH = 100

one_line = RegexValidator(r"^[^\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]*$", "Use letters, digits and punctuation only.")


def text_field(
    label: str, autocomplete: str, missing: str = "", *, required: bool = True, max_length: int = LINE_LENGTH
) -> forms.CharField:
    """One line of an address; ``missing`` is said where it must be filled in and is not."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=max_length,
        validators=[one_line],
        widget=forms.TextInput(attrs={"autocomplete": autocomplete}),
        error_messages={"required": missing},
    )


def name_field() -> forms.CharField:
    """Who gets the parcel."""
    return text_field("Full name", "name", "Enter the name for the parcel.")


def company_field() -> forms.CharField:
    return text_field("Company", "organization", required=False)


def street_fields() -> tuple[forms.CharField, forms.CharField]:
    """House and street, and what does not fit into that."""
    return (
        text_field("Address", "address-line1", "Enter the house and street."),
        text_field("Flat, building", "address-line2", required=False),
    )


def phone_field() -> forms.CharField:
    """A number as it is typed; ``clean_phone`` makes E.164 of it."""
    field = text_field("Phone", "tel", "Enter a phone number for the courier.", required=False, max_length=LENGTH_MOST)
    field.widget.attrs |= {"type": "tel", "inputmode": "tel"}
    return field


def part_field(part: AddressPart) -> forms.Field:
    """A part of a country's form below the street."""
    noun = part.label if part.name == "postcode" and part.label != "Postcode" else part.label.lower()
    if not part.choices:
        length = POSTCODE_LENGTH if part.name == "postcode" else LINE_LENGTH
        missing = f"Enter the {noun}."
        return text_field(part.label, part.autocomplete, missing, required=part.required, max_length=length)
    return forms.ChoiceField(
        label=part.label,
        required=part.required,
        choices=[("", "Choose …"), *part.choices],
        widget=forms.Select(attrs={"autocomplete": part.autocomplete}),
        error_messages=dict.fromkeys(("required", "invalid_choice"), f"Choose the {part.label.lower()}."),
    )


def clean_postcode(country: str, typed: Any) -> str:
    """A postcode as its country writes it. Raises ValidationError with an example of one."""
    if not typed:
        return ""
    postcode = written_postcode(country, typed)
    if postcode is None:
        raise forms.ValidationError(_postcode_help(country), code="invalid")
    return postcode


def clean_phone(country: str, typed: Any) -> str:
    """A phone number as E.164. Raises ValidationError."""
    if not typed:
        return ""
    phone = written_phone(country, typed)
    if phone is None:
        words = f"Enter a phone number of {country_name(country)}, or one that begins with + and its country’s code."
        raise forms.ValidationError(words, code="invalid")
    return phone


def _postcode_help(country: str) -> str:
    if country == "GB":
        return "Enter a British postcode, such as IP4 1AA."
    form = address_form(country)
    part = form.part("postcode")
    noun = part.label if part and part.label != "Postcode" else "postcode"
    return f"Enter the {noun} like this: {form.postcode_example}." if form.postcode_example else f"Enter the {noun}."
