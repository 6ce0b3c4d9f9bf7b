"""Who finds: the shop's own index, or a server behind Wagtail's backends; ``settings.SEARCH_FINDER`` says which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

# The stems of a phrase -> the words of other phrases for it; see ``search/rules.py``.
Synonyms = Mapping[tuple[str, ...], Sequence[tuple[str, ...]]]

FINDERS = {
    "documents": "search.retrieval.DocumentFinder",
    "wagtail": "search.wagtail_finder.WagtailFinder",
}


@dataclass(frozen=True)
class Found:
    """Primary keys, best first.

    The first ``exact`` products have all words that are known at all; ``others`` holds the other sections.
    ``unknown`` words are in nothing; ``corrected`` ones were searched for as others; ``meant`` is a query that would
    probably find more.
    """

    products: Sequence[int] = ()
    exact: int = 0
    others: Mapping[str, Sequence[int]] = field(default_factory=dict)
    unknown: Sequence[str] = ()
    corrected: Mapping[str, str] = field(default_factory=dict)
    meant: str = ""


class Finder(Protocol):
    """Finds live public things. Queries are cleaned (``search/forms.py``) and have a word."""

    def find(self, *, query: str, others: Mapping[str, int], synonyms: Synonyms) -> Found:
        """Products, and of each other section as many as it may show."""

    def complete(self, *, query: str, sections: Mapping[str, int]) -> Mapping[str, Sequence[int]]:
        """What goes on like the query: of each section as many as it may show."""


@lru_cache(maxsize=4)
def _finder(name: str) -> Finder:
    found: Finder = import_string(FINDERS[name])()
    return found


def finder() -> Finder:
    """The finder that the settings name."""
    return _finder(settings.SEARCH_FINDER)
