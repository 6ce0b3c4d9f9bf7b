"""Tables of the search: what is looked through, what editors say about it, and what was asked."""

from search.models.document import IndexState, SearchDocument, Term

__all__ = ["IndexState", "SearchDocument", "Term"]
