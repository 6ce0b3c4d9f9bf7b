"""What rooms above know of a product and listings show or sort by: popularity, rating, low stock.

Each registers a source for a field of ``ListingRow`` (in ``AppConfig.ready``) and calls ``listing.refresh`` when its
truth changes. A source answers for many products at once, in a bounded number of queries.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

Source = Callable[[Collection[int]], Mapping[int, Any]]

# The fields that may have a source, with what a product without an answer gets.
DEFAULTS: dict[str, Any] = {"popularity": 0, "rating": None, "reviews": 0, "low_stock": False}


class AlreadyRegistered(RuntimeError):
    """Two rooms want to be the source of one field."""


_sources: dict[str, Source] = {}


def register(field: str, source: Source) -> None:
    """Name who knows a field: product ids -> value by product id.

    Raises AlreadyRegistered for a second source, ValueError for a field that takes none.
    """
    if field not in DEFAULTS:
        raise ValueError(f"{field!r} is none of {', '.join(DEFAULTS)}.")
    if _sources.get(field, source) is not source:
        raise AlreadyRegistered(f"{field!r} has a source already.")
    _sources[field] = source


def gather(product_ids: Collection[int]) -> dict[str, Mapping[int, Any]]:
    """What every source says of these products, by field; fields without a source are empty."""
    return {field: _sources[field](product_ids) if field in _sources else {} for field in DEFAULTS}
