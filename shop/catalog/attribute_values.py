"""One value of a typed attribute: read from whatever a form or a file holds, and shown to a person.

Stored as JSON: text and choices as strings (a choice by its slug), numbers as numbers, yes and no as true and false,
dates as ``2026-03-31``, several choices as a list.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.formats import date_format

from shop.catalog.models.attributes import Attribute  # the product's editing form needs this before its model

TEXT_MOST = 255
# A number has at most this many digits before and after the point.
WHOLE_DIGITS, DECIMALS = 12, 6
CHOICES_MOST = 20
_YES = frozenset({"true", "yes", "y", "1", "on"})
_NO = frozenset({"false", "no", "n", "0", "off"})
Kind = Attribute.Kind


@dataclass(frozen=True, slots=True)
class Choice:
    """``colour`` is ``#rrggbb`` or empty."""

    value: str
    label: str
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """An attribute as it was when read; see ``shop.catalog.models.Attribute``."""

    pk: int
    code: str
    name: str
    kind: str
    unit: str = ""
    multiple: bool = False
    filterable: bool = False
    searchable: bool = False
    in_facts: bool = True
    position: int = 0
    choices: tuple[Choice, ...] = ()

    @classmethod
    def of(cls, attribute: Attribute) -> "Definition":
        """Reads the choices, also those of a form that is not saved yet."""
        names = ("pk", "code", "name", "kind", "unit", "multiple", "filterable", "searchable", "in_facts", "position")
        choices = tuple(Choice(choice.value, choice.label, choice.colour) for choice in attribute.choices.all())
        return cls(**{name: getattr(attribute, name) for name in names}, choices=choices)

    @property
    def has_choices(self) -> bool:
        return self.kind in (Kind.CHOICE, Kind.COLOUR)

    def choice(self, value: Any) -> Choice | None:
        """The choice that is stored under this value."""
        return next((choice for choice in self.choices if choice.value == value), None)


def clean(attribute: Definition, raw: Any) -> Any:
    """What is stored for a raw value; None for nothing. Raises ValidationError, whose message names the attribute."""
    if isinstance(raw, str):
        raw = unicodedata.normalize("NFC", raw[: 10 * TEXT_MOST]).strip()
    if raw is None or raw == "" or raw == []:
        return None
    try:
        if attribute.has_choices:
            return _choices(attribute, raw)
        return _READERS[Kind(attribute.kind)](attribute, raw)
    except ValueError as error:
        raise ValidationError(f"{attribute.name}: {error}", code="attribute") from error


def text(attribute: Definition, value: Any) -> str:
    """A stored value as a person reads it; empty for one that the attribute does not allow (any more)."""
    if attribute.has_choices:
        found = (attribute.choice(one) for one in (value if isinstance(value, list) else [value]))
        return ", ".join(choice.label for choice in found if choice)
    if attribute.kind == Kind.BOOLEAN:
        return ("Yes" if value else "No") if isinstance(value, bool) else ""
    if attribute.kind == Kind.DATE:
        try:
            return date_format(date.fromisoformat(value), "j F Y")
        except (TypeError, ValueError):
            return ""
    if attribute.kind == Kind.NUMBER:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return ""
        number = format(Decimal(str(value)).normalize(), "f")
        return f"{number} {attribute.unit}".strip()
    return value if isinstance(value, str) else ""


def colours(attribute: Definition, value: Any) -> tuple[str, ...]:
    """The colours of a stored value's choices."""
    if attribute.kind != Kind.COLOUR:
        return ()
    found = (attribute.choice(one) for one in (value if isinstance(value, list) else [value]))
    return tuple(choice.colour for choice in found if choice and choice.colour)


def _text(attribute: Definition, raw: Any) -> str:
    words = " ".join(str(raw).split())
    if any(unicodedata.category(char) in ("Cc", "Cs") for char in words):
        raise ValueError("it contains characters that no text has.")
    if len(words) > TEXT_MOST:
        raise ValueError(f"at most {TEXT_MOST} characters.")
    return words


def _number(attribute: Definition, raw: Any) -> int | float:
    if isinstance(raw, bool):
        raise ValueError("a number is needed.")
    words = str(raw).strip()
    if attribute.unit and words.casefold().endswith(attribute.unit.casefold()):
        words = words[: -len(attribute.unit)].strip()
    try:
        number = Decimal(words) if len(words) <= 2 * WHOLE_DIGITS else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise ValueError(f"“{words[:40]}” is no number. Write it like 2.5.")
    if number.adjusted() >= WHOLE_DIGITS or number != round(number, DECIMALS):
        raise ValueError(f"at most {WHOLE_DIGITS} digits before and {DECIMALS} after the point.")
    return int(number) if number == int(number) else float(number)


def _boolean(attribute: Definition, raw: Any) -> bool:
    word = str(raw).strip().casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise ValueError(f"“{word[:40]}” is neither yes nor no.")


def _date(attribute: Definition, raw: Any) -> str:
    try:
        return (raw if isinstance(raw, date) else date.fromisoformat(str(raw)[:10])).isoformat()[:10]
    except ValueError as error:
        raise ValueError(f"“{str(raw)[:40]}” is no date. Write it like 2026-03-31.") from error


_READERS = {Kind.TEXT: _text, Kind.NUMBER: _number, Kind.BOOLEAN: _boolean, Kind.DATE: _date}


def _choices(attribute: Definition, raw: Any) -> str | list[str]:
    named = {choice.value.casefold(): choice.value for choice in attribute.choices}
    named |= {choice.label.casefold(): choice.value for choice in reversed(attribute.choices)} | named

    def one(word: Any) -> str:
        found = named.get(str(word).strip().casefold())
        if found is None:
            known = ", ".join(choice.label for choice in attribute.choices[:CHOICES_MOST]) or "none yet"
            raise ValueError(f"“{str(word)[:40]}” is not among its choices ({known}).")
        return found

    if not attribute.multiple:
        return one(raw[0] if isinstance(raw, list) and len(raw) == 1 else raw)
    found = dict.fromkeys(one(word) for word in _several(raw, named))
    if len(found) > CHOICES_MOST:
        raise ValueError(f"at most {CHOICES_MOST} choices.")
    # In the order of the choices, so that the same set is the same value.
    return [choice.value for choice in attribute.choices if choice.value in found]


def _several(raw: Any, named: Iterable[str]) -> list[Any]:
    """The parts of ``oak, ash``; a label that has a comma of its own is one part."""
    if isinstance(raw, list | tuple | set):
        return list(raw)
    word = str(raw)
    return [word] if word.casefold() in named else [part for part in re.split(r"[|;,]", word) if part.strip()]
