"""VAT numbers of the EU and the United Kingdom: whether one can be right, not whether it is in use today."""

import re
from dataclasses import dataclass

from stdnum import get_cc_module
from stdnum.eu.vat import MEMBER_STATES
from stdnum.exceptions import ValidationError

# Greece writes EL before its numbers; Northern Ireland writes XI before British ones in trade with the EU.
_LETTERS_OF = {"GR": "EL"}
_COUNTRY_OF = {"EL": "GR", "XI": "GB"}
# The library counts Northern Ireland among the members, for its numbers.
EUROPEAN_UNION = frozenset(_COUNTRY_OF.get(code.upper(), code.upper()) for code in MEMBER_STATES) - {"GB"}
LENGTH_MOST = 20


@dataclass(frozen=True, slots=True)
class TaxNumber:
    """A number that passes its country's check digits. ``text`` begins with the country's letters."""

    text: str
    country: str


def parse(typed: str, *, country: str = "") -> TaxNumber | None:
    """The number that was typed, with or without its country's letters; None for what cannot be one.

    ``country`` (ISO 3166-1 alpha-2) is the one to try where there are no letters.
    """
    symbols = re.sub(r"[\s.\-/]", "", typed).upper()
    if not (symbols.isascii() and symbols.isalnum()) or len(symbols) > LENGTH_MOST:
        return None
    found = _checked(symbols[:2], symbols[2:])
    if found is None and country:
        found = _checked(_LETTERS_OF.get(country, country), symbols)
    return found


def _checked(letters: str, digits: str) -> TaxNumber | None:
    country = _COUNTRY_OF.get(letters, letters)
    if country != "GB" and (country not in EUROPEAN_UNION or letters == "GR"):
        return None
    module = get_cc_module(country, "vat")
    if module is None:
        return None
    try:
        compact = str(module.validate(digits))
    except ValidationError:
        return None
    # Some modules keep the letters, some drop them.
    return TaxNumber(text=letters + compact.removeprefix(letters), country=country)
