"""What an engine promises. It selects and pre-sorts; ``search/ranking.py`` ranks, the same for every engine."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from django.db import connection

from search.expressions import Wanted
from search.models import SearchDocument, Term


class Near(NamedTuple):
    """A word of the index that is spelled like another."""

    word: str
    stem: str
    documents: int


class Match(NamedTuple):
    """A document that was found."""

    section: str
    object_id: int


class Engine(Protocol):
    """Reads the index. Stems are letters and digits only, so no quoting can be broken out of."""

    def match(
        self,
        *,
        sections: Sequence[str],
        wanted: Wanted,
        weights: Mapping[str, float],
        limit: int,
        head_only: bool = False,
        sample: int | None = None,
    ) -> list[Match]:
        """The documents of some sections that have any of the wanted, roughly best first.

        ``head_only`` leaves the body out; ``sample`` is how many of those that match are compared at all.
        """

    def near(self, *, keys: Iterable[str], words: Sequence[str], limit: int) -> list[Near]:
        """Words that share one of the keys; for each of ``words``, further ones that look like it."""

    def beginning(self, letters: str, *, limit: int) -> list[Near]:
        """The words of titles and facts that begin like this, the commonest first."""

    def store(self, documents: Sequence[SearchDocument]) -> None:
        """Insert documents, or update those of the same section and object."""

    def known(self, words: Sequence[str]) -> dict[str, bool]:
        """Of these words those in the vocabulary, with whether they have keys."""

    def learn(self, terms: Sequence[Term]) -> None:
        """Insert words in alphabetical order; known ones get the keys that come with them."""

    def count_stems(self) -> None:
        """Write into every term how many documents have its stem, and drop those that none has."""


def rows(sql: str, parameters: Sequence[Any]) -> list[Any]:
    """All rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found: list[Any] = cursor.fetchall()
    return found
