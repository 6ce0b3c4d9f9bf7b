"""A set of products, narrowed as a shopper has chosen: values of one facet are alternatives, facets add up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import reduce

from shop.catalog.attribute_values import Kind
from shop.catalog.attributes import Definitions
from shop.catalog.browsing import AVAILABLE, CATEGORY, PRICE, Listing
from shop.catalog.facets import ranges
from shop.catalog.facets.view import Branch, Members, View, both, either
from shop.money import MoneyError, to_minor

# Values that a message names.
NAMED_MOST = 3
# Characters of a path for each step down the tree (treebeard's ``steplen``).
STEP = 4


@dataclass(frozen=True)
class Filtered:
    """``base`` is everything, ``chosen`` what each facet alone would let through."""

    view: View
    listing: Listing
    base: Members
    chosen: Mapping[str, Members]

    @property
    def found(self) -> Members:
        """What all facets together let through."""
        return self.but("")

    def but(self, facet: str) -> Members:
        """What all facets but this one let through: by which its own values are counted."""
        others = (members for name, members in self.chosen.items() if name != facet)
        return reduce(both, others, self.base)


def narrow(
    *, view: View, listing: Listing, base: Members, currency: str, known: Definitions, within: str = ""
) -> Filtered:
    """Apply the filters of a listing. ``within`` is the path of the category whose children can be chosen.

    A value that the shop does not have (any more) is left out, and the listing that comes back says so.
    """
    chosen: dict[str, Members] = {}
    unknown: list[tuple[str, str]] = []
    for facet in listing.facets:
        find = _finder(view, facet, currency, known, within)
        sets = []
        for value in listing.values(facet):
            members = find(value)
            if members is None:
                unknown.append((facet, value))
            else:
                sets.append(members)
        if facet == PRICE and (listing.price_min is not None or listing.price_max is not None):
            low, high = (
                None if amount is None else to_minor(amount, currency)
                for amount in (listing.price_min, listing.price_max)
            )
            sets.append(view.priced(low, high))
        if sets:
            chosen[facet] = reduce(either, sets)
    return Filtered(view, _left_out(listing, unknown), base, chosen)


def _left_out(listing: Listing, unknown: list[tuple[str, str]]) -> Listing:
    """The listing without values that mean nothing."""
    if not unknown:
        return listing
    left = listing
    for facet, value in unknown:
        left = left.without(facet, value)
    shown = ", ".join(f"“{value[:40]}”" for _, value in unknown[:NAMED_MOST])
    problem = f"The shop has nothing to filter by called {shown}, so it was left out."
    return replace(left, page=listing.page, problems=(*listing.problems, problem))


def children(view: View, within: str) -> list[Branch]:
    """The categories directly below a path, in the editors' order."""
    return [branch for path, branch in view.branches.items() if path[:-STEP] == within] if within else []


def _finder(view: View, facet: str, currency: str, known: Definitions, within: str) -> Callable[[str], Members | None]:
    if facet == CATEGORY:
        paths = {branch.slug: branch.path for branch in children(view, within)}
        return lambda value: view.below(paths[value]) if value in paths else None
    if facet == PRICE:
        return lambda value: _price_range(view, value, currency)
    attribute = known.attributes.get(facet)
    if attribute is not None and attribute.kind == Kind.NUMBER:
        return lambda value: _number_range(view, facet, value)
    if facet == AVAILABLE:
        return lambda value: view.having(facet, value)
    return lambda value: view.having(facet, value) if view.known(facet, value) else None


def _number_range(view: View, code: str, value: str) -> Members | None:
    found = ranges.parse(value)
    if found is None:
        return None
    low, high, inclusive = found
    return view.between(code, float(low), None if high is None else float(high), inclusive=inclusive)


def _price_range(view: View, value: str, currency: str) -> Members | None:
    found = ranges.parse(value)
    if found is None or found[0] < 0:
        return None
    low, high, inclusive = found
    try:
        amounts = [None if amount is None else to_minor(amount, currency) for amount in (low, high)]
    except MoneyError:
        return None
    return view.priced(amounts[0], amounts[1], inclusive=inclusive)
