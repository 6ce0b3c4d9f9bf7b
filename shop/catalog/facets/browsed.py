"""Listings with facets over any set of products: a category, the results of a search, a collection.

view = current()
browsed = browse(parameters=request.GET, currency="GBP", base=lambda view: view.below(category.path))
paginator = Paginator(browsed.products, PER_PAGE)      # ids; ``selectors.cards`` turns a page of them into cards
browsed.facets, browsed.choices, browsed.ways_out      # for templates/partials/catalog/facets.html
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import QueryDict

from shop.catalog.attributes import Definitions, definitions
from shop.catalog.browsing import NEWEST, RANKED, Listing, read_listing
from shop.catalog.facets import offering
from shop.catalog.facets.filtering import Filtered, narrow
from shop.catalog.facets.index import current
from shop.catalog.facets.offering import Choice, Facet
from shop.catalog.facets.view import Members, View, size


class Products(Sequence[int]):
    """Ids of the products found, in the chosen order. Slices only: what a paginator asks for."""

    def __init__(self, filtered: Filtered, ranked: Sequence[int] | None) -> None:
        self._filtered, self._found = filtered, filtered.found
        sort = filtered.listing.sort
        self._ranked = filtered.view.keep(ranked or (), self._found) if sort in RANKED else None

    def __len__(self) -> int:
        return size(self._found) if self._ranked is None else len(self._ranked)

    def __getitem__(self, key: Any) -> Any:
        if self._ranked is not None:
            return self._ranked[key]
        start, stop, _ = key.indices(len(self))
        return self._filtered.view.first(self._found, self._filtered.listing.sort, start, stop)


@dataclass(frozen=True)
class Browsed:
    """What a shopper's choices lead to."""

    filtered: Filtered
    products: Products
    currency: str
    known: Definitions
    within: str

    @property
    def listing(self) -> Listing:
        """The choices as they were understood."""
        return self.filtered.listing

    @cached_property
    def facets(self) -> list[Facet]:
        return offering.facets(self.filtered, currency=self.currency, known=self.known, within=self.within)

    @cached_property
    def choices(self) -> list[Choice]:
        return offering.choices(self.filtered, currency=self.currency, known=self.known, within=self.within)

    @cached_property
    def ways_out(self) -> list[Choice]:
        """What to give up where nothing is found."""
        return [] if self.products else offering.ways_out(self.filtered, self.known)

    @property
    def unfiltered(self) -> int:
        """How many products there are without any filter."""
        return size(self.filtered.base)


def browse(
    *,
    parameters: QueryDict,
    currency: str,
    base: Callable[[View], Members] | None = None,
    ranked: Sequence[int] | None = None,
    within: str = "",
    default_sort: str = NEWEST,
    kept: Mapping[str, str] | None = None,
) -> Browsed:
    """Narrow ``base`` (a set of the view) or the products ``ranked``, best first, as the GET parameters say.

    ``within`` is the path of the page whose child categories can be chosen. With a default of ``RANKED`` the order
    of ``ranked`` is the default. ``kept`` are further parameters of all addresses, as a search's words. One query.
    """
    view, known = current(), definitions()
    listing = read_listing(parameters, currency, known, default_sort=default_sort, kept=kept)
    members = base(view) if base else view.of_ids(ranked or ())
    filtered = narrow(view=view, listing=listing, base=members, currency=currency, known=known, within=within)
    return Browsed(filtered, Products(filtered, ranked), currency, known, within)
