"""Finding through Wagtail's search backend: for shops that run Elasticsearch or OpenSearch.

Stemming, spelling and ranking are then the server's. Set ``SEARCH_FINDER=wagtail`` and the server's address in
``WAGTAILSEARCH_BACKENDS`` (docs/search.md).
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Any

from django.db.models import Model, QuerySet
from wagtail.search.backends import get_search_backend
from wagtail.search.query import Or, PlainText, SearchQuery

from cms.restrictions import public
from search import text
from search.finders import Found, Synonyms
from search.forms import words
from search.sources import BRANDS, PRODUCTS, page_sections, sources
from shop.catalog.models import Brand

# Combinations of synonyms that are tried.
SPELLINGS_MOST = 8
# Search servers give no more by default.
MOST = 1000


class WagtailFinder:
    """Finds in Wagtail's index."""

    def find(self, *, query: str, others: Mapping[str, int], synonyms: Synonyms) -> Found:
        """See ``Finder``."""
        backend = get_search_backend()
        attempts = list(_attempts(words(query), synonyms))
        products: list[int] = []
        exact = 0
        for attempt in attempts if PRODUCTS in sources() else ():
            products = [page.pk for page in backend.search(attempt, _searchable(PRODUCTS))[:MOST]]
            loose = attempt is attempts[-1] and len(attempts) > 1
            exact = 0 if loose else len(products)
            if products:
                break
        found = {}
        for section, limit in others.items():
            found[section] = [one.pk for one in backend.search(attempts[0], _searchable(section))[:limit]]
        return Found(products, exact, found)

    def complete(self, *, query: str, sections: Mapping[str, int]) -> Mapping[str, Sequence[int]]:
        """See ``Finder``."""
        backend = get_search_backend()
        typed = " ".join(words(query))
        return {
            section: [one.pk for one in backend.autocomplete(typed, _searchable(section))[:limit]]
            for section, limit in sections.items()
        }


def _attempts(terms: list[str], synonyms: Synonyms) -> Iterator[SearchQuery | str]:
    """What to look for, strictest first: all words or their synonyms, then any of them."""
    ways = [[term, *(" ".join(way) for way in synonyms.get((text.stem(text.fold(term)),), ()))] for term in terms]
    spellings = [" ".join(spelling) for spelling in islice(product(*ways), SPELLINGS_MOST)]
    yield Or([PlainText(spelling) for spelling in spellings]) if len(spellings) > 1 else spellings[0]
    if len(terms) > 1:
        yield PlainText(" ".join(terms), operator="or")


def _searchable(section: str) -> "QuerySet[Any]":
    if section == BRANDS:
        return Brand.objects.filter(live=True)
    model: type[Model] = sources()[PRODUCTS] if section == PRODUCTS else page_sections()[section]
    pages: QuerySet[Any] = public(model.objects.live()).only("pk")  # type: ignore[attr-defined]
    return pages
