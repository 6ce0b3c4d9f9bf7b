"""Some products, indexed once and never changed: which has which value, in which part of the tree, in which order."""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import compress
from typing import Any

from shop.catalog.facets import bits
from shop.catalog.facets.records import Record

# A number with more different values is offered in ranges.
SIZES_MOST = 30
# A facet with more values is counted member by member instead of value by value.
FEW = 40
# Sorts after every character of a page's path.
_AFTER = "\x7f"


class Order:
    """The members in one order, and the place of each."""

    __slots__ = ("members", "places")

    def __init__(self, keys: Sequence[Any]) -> None:
        self.members = array("I", sorted(range(len(keys)), key=keys.__getitem__))
        self.places = array("I", bytes(array("I").itemsize * len(keys)))
        for place, member in enumerate(self.members):
            self.places[member] = place

    def first(self, chosen: int, count: int) -> list[int]:
        """The first ``count`` of the chosen members."""
        size = len(self.members)
        # Walk the order where most are chosen, sort the chosen ones where few are.
        if chosen.bit_count() * 12 < size:
            return sorted(bits.members_of(chosen, size), key=self.places.__getitem__)[:count]
        found: list[int] = []
        wanted = bits.as_bytes(chosen, size)
        for member in self.members:
            if wanted[member >> 3] >> (member & 7) & 1:
                found.append(member)
                if len(found) >= count:
                    break
        return found


class Single:
    """The one value that each member has of a facet with many values, such as its brand."""

    __slots__ = ("_names", "_of_member")

    def __init__(self, values: Mapping[str, Sequence[int]], size: int) -> None:
        self._names = ["", *values]
        self._of_member = array("L", bytes(array("L").itemsize * size))
        for number, members in enumerate(values.values(), start=1):
            for member in members:
                self._of_member[member] = number

    def counts(self, chosen: int) -> dict[str, int]:
        """How many of the chosen members have each value; values that none has are left out."""
        found = Counter(compress(self._of_member, bits.as_flags(chosen, len(self._of_member))))
        return {self._names[number]: count for number, count in found.items() if number}


class Segment:
    """Members are numbered in the order of the page tree, so that a branch of it is one run of numbers."""

    def __init__(self, found: Iterable[Record]) -> None:
        ordered = sorted(found, key=lambda record: record.path)
        self.size = len(ordered)
        self.paths = [record.path for record in ordered]
        self.ids = array("q", (record.pk for record in ordered))
        self._by_id = {record.pk: member for member, record in enumerate(ordered)}
        further = sorted((path, member) for member, record in enumerate(ordered) for path in record.further)
        self._further_paths = [path for path, _ in further]
        self._further_members = array("L", (member for _, member in further))
        self.labels: dict[tuple[str, str], str] = {}
        for record in ordered:
            self.labels.update(record.labels)
        self.values = self._values(ordered)
        self.numbers = self._numbers(ordered)
        self.lowest = self._column((record.price, member) for member, record in enumerate(ordered))
        self.highest = self._column((record.price_highest, member) for member, record in enumerate(ordered))
        self._titles = [record.title for record in ordered]
        self._published = array("d", (record.published for record in ordered))
        self._popularity = array("q", (record.popularity for record in ordered))
        self._scores = array("d", (record.score for record in ordered))
        self._prices = array("q", (-1 if record.price is None else record.price for record in ordered))
        self.orders = {name: Order([key(self, member) for member in range(self.size)]) for name, key in SORTS.items()}
        # When prices change by their date, soonest first.
        self.due = sorted(
            (record.stale_at, member) for member, record in enumerate(ordered) if record.stale_at is not None
        )

    def _values(self, ordered: Sequence[Record]) -> dict[str, dict[str, int]]:
        members: dict[str, dict[str, list[int]]] = {}
        for member, record in enumerate(ordered):
            for facet, value in record.values:
                members.setdefault(facet, {}).setdefault(value, []).append(member)
        self._singles = {
            facet: Single(values, self.size)
            for facet, values in members.items()
            if len(values) > FEW and sum(map(len, values.values())) <= len(set().union(*values.values()))
        }
        return {
            facet: {value: bits.from_members(found, self.size) for value, found in values.items()}
            for facet, values in members.items()
        }

    def _numbers(self, ordered: Sequence[Record]) -> dict[str, bits.Column]:
        pairs: dict[str, list[tuple[float, int]]] = {}
        for member, record in enumerate(ordered):
            for code, number in record.numbers:
                pairs.setdefault(code, []).append((number, member))
        for code, found in pairs.items():
            # A number that comes in a few sizes is chosen like any other value.
            if len(distinct := {number for number, _ in found}) <= SIZES_MOST:
                self.values[code] = {
                    size: bits.from_members((member for number, member in found if number == value), self.size)
                    for value in distinct
                    for size in [f"{value:g}"]
                }
        return {code: bits.Column(found, self.size) for code, found in pairs.items()}

    def _column(self, pairs: Iterable[tuple[int | None, int]]) -> bits.Column:
        return bits.Column(((value, member) for value, member in pairs if value is not None), self.size)

    @property
    def everyone(self) -> int:
        return bits.span(0, self.size)

    def counts(self, facet: str, chosen: int) -> dict[str, int]:
        """How many of the chosen members have each value of a facet; values that none has are left out."""
        if facet in self._singles:
            return self._singles[facet].counts(chosen)
        pairs = ((value, (members & chosen).bit_count()) for value, members in self.values.get(facet, {}).items())
        return {value: count for value, count in pairs if count}

    def below(self, path: str) -> int:
        """The products in a branch of the tree, and those that a category in it lists as well."""
        found = bits.span(bisect_left(self.paths, path), bisect_left(self.paths, path + _AFTER))
        first, end = bisect_left(self._further_paths, path), bisect_left(self._further_paths, path + _AFTER)
        return found | bits.from_members(self._further_members[first:end], self.size) if end > first else found

    def of_ids(self, product_ids: Iterable[int]) -> int:
        """Those of these products that are here."""
        known = self._by_id
        return bits.from_members((known[pk] for pk in product_ids if pk in known), self.size)

    def member(self, product_id: int) -> int | None:
        """The number of a product here."""
        return self._by_id.get(product_id)

    # What each order compares, smallest first. Ties are broken by the page's id, so that no product is on two pages.

    def newest(self, member: int) -> tuple[Any, ...]:
        return (-self._published[member], -self.ids[member])

    def popular(self, member: int) -> tuple[Any, ...]:
        return (-self._popularity[member], -self._published[member], -self.ids[member])

    def cheapest(self, member: int) -> tuple[Any, ...]:
        price = self._prices[member]
        return (price < 0, price, -self.ids[member])

    def dearest(self, member: int) -> tuple[Any, ...]:
        return (-self._prices[member], -self.ids[member])

    def best_rated(self, member: int) -> tuple[Any, ...]:
        return (-self._scores[member], -self._popularity[member], -self.ids[member])

    def by_name(self, member: int) -> tuple[Any, ...]:
        return (self._titles[member], self.ids[member])


SORTS: Mapping[str, Callable[[Segment, int], tuple[Any, ...]]] = {
    "newest": Segment.newest,
    "popularity": Segment.popular,
    "price": Segment.cheapest,
    "-price": Segment.dearest,
    "rating": Segment.best_rated,
    "name": Segment.by_name,
}
