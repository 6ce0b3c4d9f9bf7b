"""SQLite: FTS5 over the document table, and over the keys of the vocabulary."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import connection

from search import ranking
from search.engines.base import Match, Near, rows
from search.expressions import Clause, Wanted
from search.models import SearchDocument, Term

# bm25() takes a weight per column, in their order: section, title, brand, facts, body.
LAST_CHARACTER = "\U0010ffff"
COLUMNS = (0.0, ranking.TITLE, ranking.BRAND, ranking.FACTS, ranking.BODY)


class SqliteEngine:
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
        """See the protocol. The weights are not needed: ``bm25()`` counts for itself."""
        query = " OR ".join(_all_of(clauses) for clauses in wanted)
        columns = "{title brand facts}" if head_only else "{title brand facts body}"
        within = " OR ".join(f'"{section}"' for section in sections)
        found = rows(
            "SELECT document.section, document.object_id FROM ("
            "SELECT rowid, bm25(search_document_fts, %s, %s, %s, %s, %s) AS score"
            " FROM search_document_fts WHERE search_document_fts MATCH %s LIMIT %s"
            ") AS found JOIN search_searchdocument AS document ON document.id = found.rowid"
            " ORDER BY found.score * document.signal, document.object_id DESC LIMIT %s",
            [*COLUMNS, f"section : ({within}) AND {columns} : ({query})", sample or -1, limit],
        )
        return [Match(*row) for row in found]

    def beginning(self, letters: str, *, limit: int) -> list[Near]:
        """See the protocol."""
        found = rows(
            "SELECT word, stem, documents FROM search_term WHERE word >= %s AND word < %s AND keys <> ''"
            " ORDER BY documents DESC, word LIMIT %s",
            [letters, f"{letters}{LAST_CHARACTER}", limit],
        )
        return [Near(*row) for row in found]

    def near(self, *, keys: Iterable[str], words: Sequence[str], limit: int) -> list[Near]:
        """See the protocol. Without trigrams, other words come from keys with two letters left out."""
        query = " OR ".join(f'"{key}"' for key in keys)
        found = rows(
            "SELECT term.word, term.stem, term.documents FROM search_term_fts"
            " JOIN search_term AS term ON term.id = search_term_fts.rowid"
            " WHERE search_term_fts MATCH %s ORDER BY term.documents DESC LIMIT %s",
            [query, limit],
        )
        return [Near(*row) for row in found]

    def store(self, documents: Sequence[SearchDocument]) -> None:
        """See the protocol. The columns that only PostgreSQL reads stay empty."""
        for document in documents:
            document.head = document.words = None
        unique = ["section", "object_id"]
        updated = [
            field.name for field in SearchDocument._meta.local_concrete_fields if field.name not in ("id", *unique)
        ]
        SearchDocument.objects.bulk_create(
            documents, update_conflicts=True, unique_fields=unique, update_fields=updated
        )

    def known(self, words: Sequence[str]) -> dict[str, bool]:
        """See the protocol."""
        found = Term.objects.filter(word__in=words).values_list("word", "keys")
        return {word: bool(keys) for word, keys in found}

    def learn(self, terms: Sequence[Term]) -> None:
        """See the protocol."""
        with_keys, without = [term for term in terms if term.keys], [term for term in terms if not term.keys]
        Term.objects.bulk_create(
            with_keys, update_conflicts=True, unique_fields=["word"], update_fields=["keys"], batch_size=1000
        )
        Term.objects.bulk_create(without, ignore_conflicts=True, batch_size=1000)

    def count_stems(self) -> None:
        """See the protocol."""
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE search_term SET documents = coalesce("
                "(SELECT doc FROM search_document_stems WHERE search_document_stems.term = search_term.stem), 0)"
            )
            cursor.execute("DELETE FROM search_term WHERE documents = 0")


def _all_of(clauses: Sequence[Clause]) -> str:
    return "(" + " AND ".join(_any_of(clause) for clause in clauses) + ")"


def _any_of(clause: Clause) -> str:
    ways = ("(" + " AND ".join(f'"{stem}"' for stem in way.stems) + ")" for way in clause.alternatives)
    return "(" + " OR ".join(ways) + ")"
