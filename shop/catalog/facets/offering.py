"""The facets beside a listing: which values there are to choose, and how many products each would show."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from heapq import nsmallest

from shop.catalog.attribute_values import Definition, Kind
from shop.catalog.attributes import Definitions
from shop.catalog.browsing import AVAILABLE, BRAND, CATEGORY, PRICE, RATING, Listing
from shop.catalog.facets import ranges
from shop.catalog.facets.filtering import Filtered, children
from shop.catalog.facets.records import STARS
from shop.catalog.facets.view import size
from shop.money import exponent, format_money, to_minor

# Values that are seen at once, and those that unfold below them.
SHOWN, UNFOLDED = 8, 30
# Ranges that a number is divided into.
PARTS = 5
NAMES = {CATEGORY: "Category", BRAND: "Brand", AVAILABLE: "Availability", PRICE: "Price", RATING: "Customer rating"}


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a facet; ``count`` is how many products choosing it as well would show of this value."""

    value: str
    label: str
    count: int
    selected: bool
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """``code`` is its parameter in addresses."""

    code: str
    name: str
    options: tuple[Option, ...]

    @property
    def shown(self) -> tuple[Option, ...]:
        return self.options[:SHOWN]

    @property
    def unfolded(self) -> tuple[Option, ...]:
        return self.options[SHOWN:]

    @property
    def first_unfolded(self) -> Option | None:
        return self.options[SHOWN] if len(self.options) > SHOWN else None

    @property
    def is_open(self) -> bool:
        """Whether something is chosen in it."""
        return any(option.selected for option in self.options)


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that is chosen and the address of the listing without it, which would show ``count`` products."""

    facet: str
    label: str
    address: str
    count: int


def facets(filtered: Filtered, *, currency: str, known: Definitions, within: str = "") -> list[Facet]:
    """The facets that would narrow the listing, those of the shop first, then the attributes in their order."""
    found = [
        _category(filtered, within),
        _brand(filtered),
        *(_attribute(filtered, attribute) for attribute in known.attributes.values() if attribute.filterable),
        _price(filtered, currency),
        _rating(filtered),
        _available(filtered),
    ]
    total = size(filtered.found)
    return [facet for facet in found if _narrows(facet, total)]


def _narrows(facet: Facet, total: int) -> bool:
    """Whether there is anything to choose: a single value that all products have tells nothing."""
    if facet.is_open:
        return True
    if len(facet.options) == 1:
        return facet.options[0].count < total
    return bool(facet.options)


def choices(filtered: Filtered, *, currency: str, known: Definitions, within: str = "") -> list[Choice]:
    """Every chosen value, in the order of addresses, with the way to take it back."""
    listing = filtered.listing
    found = []
    for facet in listing.facets:
        count = size(filtered.but(facet))
        for value in listing.values(facet):
            label = label_of(filtered, facet, value, currency, known, within)
            text = label if facet == AVAILABLE else f"{_name(facet, known)}: {label}"
            found.append(Choice(facet, text, listing.without(facet, value).address(), count))
        if facet == PRICE and (typed := _typed(listing, currency)):
            left = replace(listing, price_min=None, price_max=None, page=1)
            found.append(Choice(facet, f"{NAMES[PRICE]}: {typed}", left.address(), count))
    return found


def ways_out(filtered: Filtered, known: Definitions) -> list[Choice]:
    """For a listing that shows nothing: the facets that stand in the way, those with the most behind them first."""
    listing = filtered.listing
    found = [
        Choice(facet, _name(facet, known), listing.without(facet).address(), size(filtered.but(facet)))
        for facet in listing.facets
    ]
    return sorted((choice for choice in found if choice.count), key=lambda choice: -choice.count)


def _name(facet: str, known: Definitions) -> str:
    attribute = known.attributes.get(facet)
    return NAMES.get(facet) or (attribute.name if attribute else facet)


def label_of(filtered: Filtered, facet: str, value: str, currency: str, known: Definitions, within: str = "") -> str:
    """A value as people read it."""
    view = filtered.view
    if facet == CATEGORY:
        return next((branch.title for branch in children(view, within) if branch.slug == value), value)
    if facet == AVAILABLE:
        return "In stock"
    if facet == RATING:
        return f"{value} stars and up"
    if facet == PRICE:
        return _range_label(value, lambda amount: _money(amount, currency))
    attribute = known.attributes.get(facet)
    if attribute is None:
        return view.label(facet, value) or value
    if attribute.has_choices:
        choice = attribute.choice(value)
        return choice.label if choice else value
    if attribute.kind == Kind.BOOLEAN:
        return "Yes" if value == "yes" else "No"
    if attribute.kind == Kind.NUMBER:
        return f"{_range_label(value, str)} {attribute.unit}".strip()
    return view.label(facet, value) or value


def _options(
    filtered: Filtered, facet: str, labelled: Iterable[tuple[str, str, str]], counts: dict[str, int]
) -> tuple[Option, ...]:
    """Options of values that some product has or that are chosen; ``labelled`` are value, label, colour, in order."""
    chosen = set(filtered.listing.values(facet))
    found = [
        Option(value, label, counts.get(value, 0), value in chosen, colour)
        for value, label, colour in labelled
        if counts.get(value) or value in chosen
    ]
    if len(found) > SHOWN + UNFOLDED:
        kept = {
            option.value
            for option in sorted(found, key=lambda option: (not option.selected, -option.count))[: SHOWN + UNFOLDED]
        }
        found = [option for option in found if option.value in kept]
    if len(found) > SHOWN:
        # What is chosen must be seen.
        found.sort(key=lambda option: not option.selected)
    return tuple(found)


def _category(filtered: Filtered, within: str) -> Facet:
    among = filtered.but(CATEGORY)
    view = filtered.view
    branches = children(view, within)
    counts = {
        branch.slug: size(tuple(a & b for a, b in zip(view.below(branch.path), among, strict=True)))
        for branch in branches
    }
    labelled = ((branch.slug, branch.title, "") for branch in branches)
    return Facet(CATEGORY, NAMES[CATEGORY], _options(filtered, CATEGORY, labelled, counts))


def _by_count(filtered: Filtered, facet: str, counts: dict[str, int]) -> Iterator[tuple[str, str, str]]:
    """Value and label, the most frequent first; of the others no more than can be shown, for there may be thousands."""

    def rank(value: str) -> tuple[int, str]:
        return -counts.get(value, 0), value

    chosen = (value for value in filtered.listing.values(facet) if filtered.view.known(facet, value))
    for value in sorted({*nsmallest(SHOWN + UNFOLDED, counts, key=rank), *chosen}, key=rank):
        yield value, filtered.view.label(facet, value) or value, ""


def _brand(filtered: Filtered) -> Facet:
    counts = filtered.view.counts(BRAND, filtered.but(BRAND))
    return Facet(BRAND, NAMES[BRAND], _options(filtered, BRAND, _by_count(filtered, BRAND, counts), counts))


def _attribute(filtered: Filtered, attribute: Definition) -> Facet:
    code, view = attribute.code, filtered.view
    name = f"{attribute.name} ({attribute.unit})" if attribute.unit else attribute.name
    if attribute.kind == Kind.NUMBER:
        return Facet(code, name, _number_options(filtered, code))
    counts = view.counts(code, filtered.but(code))
    labelled: Iterable[tuple[str, str, str]]
    if attribute.has_choices:
        labelled = ((choice.value, choice.label, choice.colour) for choice in attribute.choices)
    elif attribute.kind == Kind.BOOLEAN:
        labelled = (("yes", "Yes", ""), ("no", "No", ""))
    elif attribute.kind == Kind.DATE:
        labelled = ((year, year, "") for year in sorted(counts, reverse=True))
    else:
        labelled = _by_count(filtered, code, counts)
    return Facet(code, name, _options(filtered, code, labelled, counts))


def _number_options(filtered: Filtered, code: str) -> tuple[Option, ...]:
    """A few sizes as they are, many in ranges. Ranges follow the whole listing, so that choosing one moves none."""
    view, among = filtered.view, filtered.but(code)
    if view.is_exact(code):
        counts = view.counts(code, among)
        labelled = [(value, value, "") for value in sorted(counts, key=float)]
    else:
        pairs = _pairs(ranges.ends(view.quantiles(code, filtered.base, PARTS)), None)
        values = [ranges.name(low, high) for low, high in pairs]
        counts = {
            value: size(
                tuple(a & b for a, b in zip(view.between(code, low, high, inclusive=False), among, strict=True))
            )
            for value, (low, high) in zip(values, pairs, strict=True)
        }
        labelled = [(value, _range_label(value, str), "") for value in values]
    known = {value for value, _, _ in labelled}
    labelled += [(value, _range_label(value, str), "") for value in filtered.listing.values(code) if value not in known]
    return _options(filtered, code, labelled, counts)


def _price(filtered: Filtered, currency: str) -> Facet:
    view, among = filtered.view, filtered.but(PRICE)
    unit = 10 ** exponent(currency)
    quantiles = [value / unit for value in view.quantiles(None, filtered.base, PARTS)]
    pairs = _pairs(ranges.ends(quantiles), 0.0)
    values = [ranges.name(low, high) for low, high in pairs]
    values += [value for value in filtered.listing.values(PRICE) if value not in values]
    counts, labelled = {}, []
    for value in values:
        found = ranges.parse(value)
        if found is None:
            continue
        low, high = (None if end is None else int(end * unit) for end in found[:2])
        members = view.priced(low, high, inclusive=found[2])
        counts[value] = size(tuple(a & b for a, b in zip(members, among, strict=True)))
        labelled.append((value, _range_label(value, lambda amount: _money(amount, currency)), ""))
    return Facet(PRICE, NAMES[PRICE], _options(filtered, PRICE, labelled, counts))


def _pairs(ends: list[float], lowest: float | None) -> list[tuple[float, float | None]]:
    """Ranges between the ends, and those before the first and after the last of them; none for less than two."""
    if not ends or (len(ends) == 1 and lowest is not None and ends[0] <= lowest):
        return []
    first = lowest if lowest is not None else min(0.0, ends[0] * 10 if ends[0] < 0 else 0.0)
    starts = [first, *(end for end in ends if end > first)]
    return list(zip(starts, [*starts[1:], None], strict=True))


def _rating(filtered: Filtered) -> Facet:
    counts = filtered.view.counts(RATING, filtered.but(RATING))
    labelled = ((str(stars), f"{stars} stars and up", "") for stars in STARS)
    return Facet(RATING, NAMES[RATING], _options(filtered, RATING, labelled, counts))


def _available(filtered: Filtered) -> Facet:
    counts = filtered.view.counts(AVAILABLE, filtered.but(AVAILABLE))
    return Facet(AVAILABLE, NAMES[AVAILABLE], _options(filtered, AVAILABLE, [("1", "In stock only", "")], counts))


def _range_label(value: str, text: Callable[[Decimal], str]) -> str:
    found = ranges.parse(value)
    if found is None:
        return value
    low, high, single = found
    if single:
        return text(low)
    if high is None:
        return f"{text(low)} and more"
    return f"under {text(high)}" if low <= 0 else f"{text(low)} to {text(high)}"


def _money(amount: Decimal, currency: str) -> str:
    """Without pence where there are none."""
    text = format_money(to_minor(amount, currency), currency)
    zeros = "." + "0" * exponent(currency)
    return text.removesuffix(zeros)


def _typed(listing: Listing, currency: str) -> str:
    """The bounds that were typed by hand."""
    low, high = listing.price_min, listing.price_max
    if low is None and high is None:
        return ""
    if low is None:
        return f"up to {_money(high or Decimal(0), currency)}"
    return f"from {_money(low, currency)}" + (f" to {_money(high, currency)}" if high is not None else "")
