"""What a shopper chooses in a listing: order, filters, page. All of it by plain GET parameters.

``?brand=orwell,suffolk-ware&material=oak&price=10-20&sort=price``: a parameter per facet, named like it, with several
values by commas or repeated (as a form sends them). ``price_min`` and ``price_max`` are amounts typed by hand.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from shop.catalog.attributes import Definitions, definitions
from shop.money import MoneyError, exponent, to_minor

PER_PAGE = 24
NEWEST, RELEVANCE, CHOSEN = "newest", "relevance", "chosen"
# Orders that whoever shows the listing brings along.
RANKED = {RELEVANCE: "Best match", CHOSEN: "Our choice"}
SORTS = (
    (NEWEST, "Newest"),
    ("popularity", "Most popular"),
    ("price", "Price, low to high"),
    ("-price", "Price, high to low"),
    ("rating", "Best rated"),
    ("name", "Name"),
)
CATEGORY, BRAND, AVAILABLE, PRICE, RATING = "category", "brand", "available", "price", "rating"
# Values of one facet that count, and their length; more is nothing that a person has chosen.
VALUES_MOST, VALUE_LENGTH = 30, 120
PRICE_NAMES = ("price_min", "price_max")


class ListingForm(forms.Form):
    """Reads the parameters that are no facets. A value that makes no sense is as good as none."""

    sort = forms.ChoiceField(required=False)
    available = forms.BooleanField(required=False)
    price_min = forms.DecimalField(required=False, min_value=Decimal(0), max_digits=12)
    price_max = forms.DecimalField(required=False, min_value=Decimal(0), max_digits=12)
    page = forms.IntegerField(required=False, min_value=1)

    def __init__(self, parameters: QueryDict, sorts: Iterable[tuple[str, str]] = SORTS) -> None:
        super().__init__(parameters)
        self.fields["sort"].choices = list(sorts)  # type: ignore[attr-defined]  # it is a ChoiceField

    def value(self, name: str) -> Any:
        """The cleaned value of a field, or None where it was left out or rubbish."""
        self.is_valid()
        return self.cleaned_data.get(name)


@dataclass(frozen=True, slots=True)
class Listing:
    """What was chosen. Prices are amounts as typed, in the shop's currency; ``price_min`` is the lower one.

    ``chosen`` are facets with their values, in the order of addresses. ``problems`` says in words what was ignored.
    ``kept`` are parameters that belong to whoever shows the listing and stay in all its addresses, as a search's words.
    """

    sort: str = NEWEST
    available_only: bool = False
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    page: int = 1
    chosen: tuple[tuple[str, tuple[str, ...]], ...] = ()
    problems: tuple[str, ...] = ()
    default_sort: str = NEWEST
    kept: tuple[tuple[str, str], ...] = ()

    @property
    def sort_choices(self) -> tuple[tuple[str, str], ...]:
        return _sorts(self.default_sort)

    @property
    def is_filtered(self) -> bool:
        """Whether products may be left out."""
        return bool(self.facets)

    @property
    def is_plain(self) -> bool:
        """Whether this is the listing as search engines should know it (any page of it)."""
        return not self.is_filtered and self.sort == self.default_sort

    @property
    def facets(self) -> list[str]:
        """The facets that narrow the listing, in the order of addresses."""
        priced = self.price_min is not None or self.price_max is not None
        found = [facet for facet, _ in self.chosen]
        found += [AVAILABLE] if self.available_only else []
        return found + ([PRICE] if priced and PRICE not in found else [])

    def values(self, facet: str) -> tuple[str, ...]:
        """The chosen values of a facet."""
        if facet == AVAILABLE:
            return ("1",) if self.available_only else ()
        return dict(self.chosen).get(facet, ())

    @property
    def query_string(self) -> str:
        """The choices as an address carries them, without the page; empty for the plain listing."""
        parameters = [*self.kept]
        if self.sort != self.default_sort:
            parameters.append(("sort", self.sort))
        parameters += [(facet, ",".join(values)) for facet, values in self.chosen]
        if self.available_only:
            parameters.append((AVAILABLE, "1"))
        parameters += [(name, str(amount)) for name in PRICE_NAMES if (amount := getattr(self, name)) is not None]
        return urlencode(parameters, safe=",")

    @property
    def query_prefix(self) -> str:
        """What stands between ``?`` and ``page=2``."""
        return f"{self.query_string}&" if self.query_string else ""

    def address(self, page: int = 1) -> str:
        """The query of another page of this listing, ``?page=2``; the first page has no number."""
        return f"?{self.query_prefix}page={page}" if page > 1 else f"?{self.query_string}"

    def without(self, facet: str, value: str | None = None) -> "Listing":
        """The listing without a facet, or without one of its values."""
        left = [
            (name, tuple(v for v in values if value is not None and v != value)) if name == facet else (name, values)
            for name, values in self.chosen
        ]
        changes: dict[str, Any] = {"chosen": tuple((name, values) for name, values in left if values), "page": 1}
        if facet == AVAILABLE:
            changes["available_only"] = False
        if facet == PRICE and value is None:
            changes |= {"price_min": None, "price_max": None}
        return replace(self, **changes)

    @property
    def cleared(self) -> "Listing":
        """The listing without any filter, in the same order."""
        return Listing(sort=self.sort, default_sort=self.default_sort, kept=self.kept)


def read_listing(
    parameters: QueryDict,
    currency: str,
    known: Definitions | None = None,
    *,
    default_sort: str = NEWEST,
    kept: Mapping[str, str] | None = None,
) -> Listing:
    """The choices that the parameters make sense of; bounds in the wrong order are exchanged."""
    form = ListingForm(parameters, _sorts(default_sort))
    known = known or definitions()
    names = [CATEGORY, BRAND, *(code for code, attribute in known.attributes.items() if attribute.filterable)]
    chosen = [(name, values) for name in [*names, RATING, PRICE] if (values := _values(parameters, name))]
    low, high = (_amount(form.value(name), currency) for name in PRICE_NAMES)
    if low is not None and high is not None and low > high:
        low, high = high, low
    return Listing(
        sort=form.value("sort") or default_sort,
        available_only=bool(form.value(AVAILABLE)),
        price_min=low,
        price_max=high,
        page=form.value("page") or 1,
        chosen=tuple(chosen),
        problems=_problems(parameters, form, currency),
        default_sort=default_sort,
        kept=tuple((kept or {}).items()),
    )


def _sorts(default: str) -> tuple[tuple[str, str], ...]:
    return ((default, RANKED[default]), *SORTS) if default in RANKED else SORTS


def _values(parameters: QueryDict, name: str) -> tuple[str, ...]:
    """The values of a parameter, each once, in a fixed order: one choice has one address."""
    parts = (part for raw in parameters.getlist(name)[:VALUES_MOST] for part in raw[: 10 * VALUE_LENGTH].split(","))
    found = dict.fromkeys(part.strip() for part in parts)
    return tuple(sorted(part for part in list(found)[:VALUES_MOST] if _is_word(part)))


def _is_word(value: str) -> bool:
    return bool(value) and len(value) <= VALUE_LENGTH and all(unicodedata.category(c)[0] != "C" for c in value)


def _problems(parameters: QueryDict, form: ListingForm, currency: str) -> tuple[str, ...]:
    """Why a price was ignored, in the shopper's words."""
    found = []
    for name in PRICE_NAMES:
        typed = re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", "?", parameters.get(name, "")).strip()
        if typed and _amount(form.value(name), currency) is None:
            shown = typed if len(typed) <= 20 else f"{typed[:20]}…"
            found.append(f"“{shown}” is no price, so it was left out. Write an amount like 20 or 12.50.")
    return tuple(found)


def _amount(value: Decimal | None, currency: str) -> Decimal | None:
    """Rounded to what the currency has; None for what is no amount of money."""
    if value is None:
        return None
    try:
        rounded = value.quantize(Decimal(1).scaleb(-exponent(currency)))
        to_minor(rounded, currency)
    except (MoneyError, ArithmeticError):
        return None
    return rounded.to_integral_value() if rounded == rounded.to_integral_value() else rounded
