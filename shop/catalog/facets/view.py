"""All products at one moment: a large segment, a small one with what has changed since, and who is gone from each."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import merge
from itertools import islice
from typing import NamedTuple

from shop.catalog.facets.records import Record
from shop.catalog.facets.segment import SORTS, Segment


class Branch(NamedTuple):
    """A live public category."""

    path: str
    slug: str
    title: str


# A set of products: the members of each segment. All sets of one view have as many parts as it has segments.
Members = tuple[int, ...]


@dataclass(frozen=True)
class View:
    """Immutable: whoever holds one gets the same answers until the end. Sets of one view mean nothing to another."""

    segments: tuple[Segment, ...]
    everyone: Members
    # By path, in the order of the tree.
    branches: Mapping[str, Branch] = field(default_factory=dict)
    # The records in the small segment.
    recent: Mapping[int, Record] = field(default_factory=dict)

    @classmethod
    def of(cls, records: Iterable[Record], branches: Iterable[Branch] = ()) -> "View":
        whole = Segment(records)
        return cls((whole,), (whole.everyone,), {branch.path: branch for branch in branches})

    def changed(
        self, product_ids: Iterable[int], found: Iterable[Record], branches: Iterable[Branch] | None = None
    ) -> "View":
        """The view after these products changed; ``found`` are the records of those that are still public."""
        whole = self.segments[0]
        ids = set(product_ids)
        recent = {pk: record for pk, record in self.recent.items() if pk not in ids}
        recent |= {record.pk: record for record in found}
        tail = Segment(recent.values())
        gone = whole.of_ids(ids)
        tree = self.branches if branches is None else {branch.path: branch for branch in branches}
        return View((whole, tail), (self.everyone[0] & ~gone, tail.everyone), tree, recent)

    @cached_property
    def stale_at(self) -> float | None:
        """When a price among them changes by its date, in seconds since 1970."""
        soonest = (
            next((moment for moment, member in segment.due if alive >> member & 1), None)
            for segment, alive in zip(self.segments, self.everyone, strict=True)
        )
        return min((moment for moment in soonest if moment is not None), default=None)

    # Sets

    def each(self, find: Callable[[Segment], int]) -> Members:
        """The set that a question to every segment gives, without those that are gone."""
        pairs = zip(self.segments, self.everyone, strict=True)
        return tuple(find(segment) & alive for segment, alive in pairs)

    def below(self, path: str) -> Members:
        """The products in a branch of the tree, and those that a category in it lists as well."""
        return self.each(lambda segment: segment.below(path))

    def of_ids(self, product_ids: Sequence[int]) -> Members:
        """Those of these products that are public."""
        return self.each(lambda segment: segment.of_ids(product_ids))

    def having(self, facet: str, value: str) -> Members:
        """The products with a value."""
        return self.each(lambda segment: segment.values.get(facet, {}).get(value, 0))

    def counts(self, facet: str, among: Members) -> dict[str, int]:
        """How many of a set have each value of a facet; values that none has are left out."""
        found: Counter[str] = Counter()
        for segment, chosen in zip(self.segments, among, strict=True):
            if chosen:
                found.update(segment.counts(facet, chosen))
        return found

    def between(self, code: str, low: float, high: float | None, *, inclusive: bool) -> Members:
        """The products whose number lies from ``low`` up to ``high``."""

        def find(segment: Segment) -> int:
            column = segment.numbers.get(code)
            if column is None:
                return 0
            found = column.from_(low)
            return found if high is None else found & (column.up_to(high) if inclusive else column.below(high))

        return self.each(find)

    def priced(self, low: int | None, high: int | None, *, inclusive: bool = True) -> Members:
        """The products of which a variant may cost from ``low`` up to ``high`` minor units."""

        def find(segment: Segment) -> int:
            found = segment.lowest.everyone
            if low is not None:
                found &= segment.highest.from_(low)
            if high is not None:
                found &= segment.lowest.up_to(high) if inclusive else segment.lowest.below(high)
            return found

        return self.each(find)

    def is_exact(self, code: str) -> bool:
        """Whether a number comes in a few sizes only."""
        return all(code in segment.values for segment in self.segments if code in segment.numbers)

    def quantiles(self, code: str | None, among: Members, parts: int) -> list[float]:
        """About where a number (an attribute's, or with None the price) divides a set into parts of equal size."""
        found: list[float] = []
        most = max(range(len(among)), key=lambda place: among[place].bit_count())
        segment = self.segments[most]
        column = segment.lowest if code is None else segment.numbers.get(code)
        if column is not None:
            found = column.quantiles(among[most], parts)
        return found

    # Answers

    def label(self, facet: str, value: str) -> str | None:
        """What people read for a value that no editor has defined; None for one that no product has."""
        labels = (segment.labels.get((facet, value)) for segment in reversed(self.segments))
        return next((label for label in labels if label is not None), None)

    def known(self, facet: str, value: str) -> bool:
        """Whether any product ever had this value."""
        return any(value in segment.values.get(facet, {}) for segment in self.segments)

    def facets(self) -> set[str]:
        """The facets that any product has a value of."""
        return {facet for segment in self.segments for facet in (*segment.values, *segment.numbers)}

    def first(self, among: Members, sort: str, start: int, end: int) -> list[int]:
        """Ids of a set from one place to another, in an order of ``SORTS``."""
        key = SORTS[sort]
        runs = [
            [(key(segment, member), segment.ids[member]) for member in segment.orders[sort].first(chosen, end)]
            if len([part for part in among if part]) > 1
            else [((), segment.ids[member]) for member in segment.orders[sort].first(chosen, end)]
            for segment, chosen in zip(self.segments, among, strict=True)
            if chosen
        ]
        return [pk for _, pk in islice(merge(*runs), start, end)]

    def keep(self, product_ids: Iterable[int], among: Members) -> list[int]:
        """Those of these ids that are in a set, in the order given."""
        found = []
        for pk in product_ids:
            for segment, chosen in zip(self.segments, among, strict=True):
                member = segment.member(pk)
                if member is not None and chosen >> member & 1:
                    found.append(pk)
                    break
        return found


def both(first: Members, second: Members) -> Members:
    return tuple(one & other for one, other in zip(first, second, strict=True))


def either(first: Members, second: Members) -> Members:
    return tuple(one | other for one, other in zip(first, second, strict=True))


def size(members: Members) -> int:
    return sum(part.bit_count() for part in members)
