"""PostgreSQL: ``tsvector`` and GIN, trigrams on the vocabulary."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import connection

from search.engines.base import Match, Near, rows
from search.expressions import Clause, Wanted
from search.models import SearchDocument, Term
from search.sources import PRODUCTS

# Weights of the labels D, C, B, A. One ``ts_rank`` per stem times the stem's rarity comes close to BM25 and reads the
# narrow column only; what PostgreSQL calls a rank of a whole query knows nothing of rarity.
LABELS = "{0.1,0.5,0.7,1.0}"
# For a document that has a word in its body only.
BODY_ONLY = 0.05


class PostgresEngine:
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
        """See the protocol."""
        query = f"({' | '.join(_all_of(clauses) for clauses in wanted)})"
        if list(sections) == [PRODUCTS]:
            # Nearly every document is a product: looking that up in an index as well would cost more than it saves,
            # so that the column is written as something that no index has.
            conditions = [f"search_words({'head' if head_only else 'words'}) @@ %s::tsquery", "section || '' = %s"]
            parameters: list[object] = [query, PRODUCTS]
        else:
            # What is no product has a small index of its own.
            within = " | ".join(f"'={section}'" for section in sections)
            conditions = ["search_words(words) @@ %s::tsquery", f"section <> '{PRODUCTS}'"]
            parameters = [f"({within}) & {query}"]
            if head_only:
                conditions.append("head @@ %s::tsquery")
                parameters.append(query)
        inner = (
            "SELECT section, object_id, head, signal FROM search_searchdocument"  # noqa: S608  (placeholders only)
            f" WHERE {' AND '.join(conditions)}"
        )
        if sample:
            inner += " LIMIT %s"
            parameters.append(sample)
        terms = " + ".join(["%s * ts_rank(%s, head, %s::tsquery)"] * len(weights)) or "0"
        for stem, weight in weights.items():
            parameters += [weight, LABELS, f"'{stem}'"]
        found = rows(
            f"SELECT section, object_id FROM ({inner}) AS found"  # noqa: S608  (the same)
            f" ORDER BY ({BODY_ONLY} + {terms}) * signal DESC, object_id DESC LIMIT %s",
            [*parameters, limit],
        )
        return [Match(*row) for row in found]

    def beginning(self, letters: str, *, limit: int) -> list[Near]:
        """See the protocol."""
        found = rows(
            "SELECT word, stem, documents FROM search_term WHERE word LIKE %s AND keys <> ''::tsvector"
            " ORDER BY documents DESC, word LIMIT %s",
            [f"{letters}%", limit],
        )
        return [Near(*row) for row in found]

    def near(self, *, keys: Iterable[str], words: Sequence[str], limit: int) -> list[Near]:
        """See the protocol."""
        query = " | ".join(f"'{key}'" for key in keys)
        found = rows(
            "(SELECT word, stem, documents FROM search_term WHERE keys @@ %s::tsquery ORDER BY documents DESC LIMIT %s)"
            " UNION "
            "(SELECT word, stem, documents FROM search_term, unnest(%s::text[]) AS typed"
            " WHERE word %% typed AND keys <> ''::tsvector ORDER BY similarity(word, typed) DESC LIMIT %s)",
            [query, limit, list(words), limit],
        )
        return [Near(*row) for row in found]

    def store(self, documents: Sequence[SearchDocument]) -> None:
        """See the protocol. Arrays are half the work of a row of placeholders each."""
        fields = [field for field in SearchDocument._meta.local_concrete_fields if not field.primary_key]
        columns = [str(field.column) for field in fields]
        types = [field.db_type(connection) or "" for field in fields]
        values = [
            [field.get_db_prep_value(getattr(document, field.attname), connection) for document in documents]
            for field in fields
        ]
        arrays = ", ".join(f"%s::{'text' if kind == 'tsvector' else kind.split('(')[0]}[]" for kind in types)
        taken = ", ".join(
            f"{column}::tsvector" if kind == "tsvector" else column for column, kind in zip(columns, types, strict=True)
        )
        updated = ", ".join(f"{column} = EXCLUDED.{column}" for column in columns)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO search_searchdocument ({', '.join(columns)})"  # noqa: S608  (the model's own columns)
                f" SELECT {taken} FROM unnest({arrays}) AS given ({', '.join(columns)})"
                f" ON CONFLICT (section, object_id) DO UPDATE SET {updated}",
                values,
            )

    def known(self, words: Sequence[str]) -> dict[str, bool]:
        """See the protocol."""
        # A join: with "= ANY" a table that has just grown is read once for every word.
        found = rows(
            "SELECT term.word, term.keys <> ''::tsvector FROM search_term AS term"
            " JOIN unnest(%s::text[]) AS given (word) ON term.word = given.word",
            [list(dict.fromkeys(words))],
        )
        return dict(found)

    def learn(self, terms: Sequence[Term]) -> None:
        """See the protocol."""
        keys = Term._meta.get_field("keys")
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO search_term (word, stem, documents, keys)"
                " SELECT word, stem, 1, keys::tsvector FROM unnest(%s::text[], %s::text[], %s::text[])"
                " AS given (word, stem, keys)"
                " ON CONFLICT (word) DO UPDATE SET keys = EXCLUDED.keys"
                " WHERE search_term.keys = ''::tsvector AND EXCLUDED.keys <> ''::tsvector",
                [
                    [term.word for term in terms],
                    [term.stem for term in terms],
                    [keys.get_db_prep_value(term.keys, connection) for term in terms],
                ],
            )

    def count_stems(self) -> None:
        """See the protocol."""
        with connection.cursor() as cursor:
            cursor.execute(
                "WITH counted AS MATERIALIZED ("
                "SELECT word, ndoc FROM ts_stat('SELECT words FROM search_searchdocument')),"
                " gone AS (DELETE FROM search_term WHERE stem NOT IN (SELECT word FROM counted))"
                " UPDATE search_term SET documents = counted.ndoc FROM counted"
                " WHERE search_term.stem = counted.word AND search_term.documents <> counted.ndoc"
            )


def _all_of(clauses: Sequence[Clause]) -> str:
    return "(" + " & ".join(_any_of(clause) for clause in clauses) + ")"


def _any_of(clause: Clause) -> str:
    ways = ("(" + " & ".join(f"'{stem}'" for stem in way.stems) + ")" for way in clause.alternatives)
    return "(" + " | ".join(ways) + ")"
