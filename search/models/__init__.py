"""Tables of the search: what is looked through, what editors say about it, and what was asked."""

from search.models.document import IndexState, SearchDocument, Term
from search.models.log import LoggedQuery, QueryDay
from search.models.rules import HiddenProduct, PinnedProduct, QueryRule, SynonymSet
from search.models.settings import SearchSettings

__all__ = [
    "HiddenProduct",
    "IndexState",
    "LoggedQuery",
    "PinnedProduct",
    "QueryDay",
    "QueryRule",
    "SearchDocument",
    "SearchSettings",
    "SynonymSet",
    "Term",
]
