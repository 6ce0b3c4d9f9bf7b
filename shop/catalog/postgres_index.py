"""Wagtail's PostgreSQL index for many objects in one statement.

Wagtail's own writer builds an SQL expression per document, about thirty nested terms that Django compiles and
PostgreSQL parses one by one, and afterwards reads the whole table to know the average length of a title. Here a batch
goes over as one JSON document, and the statement is the same for every batch. ``tests/test_postgres_index.py`` holds
the entries against those that Wagtail's writer makes.
"""

import json
from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connections, models, router
from django.utils.encoding import force_str
from modelsearch.backends.database.postgres.weights import get_weight
from wagtail.search import index
from wagtail.search.models import IndexEntry

from shop.catalog.search_words import SearchWords

# The latest titles, whose average length stands for that of all: reading them all takes longer with every product.
AVERAGED_TITLES = 1_000
PARTS = ("title", "autocomplete", "body")

# A text and its weight; a part of a document is made of several.
Piece = tuple[str, str]


def writes(backend: Any) -> bool:
    """Whether this module can write a backend's index."""
    return type(backend).__module__ == "modelsearch.backends.database.postgres.postgres"


def add(backend: Any, model: type[models.Model], documents: Sequence[SearchWords]) -> None:
    """Add or refresh the entries of these documents, in one statement.

    ``title_norm`` (how much shorter a title is than others) is measured against the latest entries, not all of them.
    """
    pieces = {force_str(document.pk): _pieces(document) for document in documents}
    if not pieces:
        return
    rows: list[dict[str, str]] = [{"id": pk} for pk in pieces]
    vectors: dict[str, str] = {}
    texts: dict[str, str] = {}
    for part in PARTS:
        names = _spread(part, [each[part] for each in pieces.values()], rows)
        config = backend.autocomplete_config if part == "autocomplete" else backend.config
        vectors[part] = _vector(names, config)
        texts[part] = ", ".join(f"nullif({name}, '')" for name in names) or "''"
    columns = sorted({name for row in rows for name in row})
    connection = connections[router.db_for_write(IndexEntry)]
    statement = _STATEMENT.format(
        table=connection.ops.quote_name(IndexEntry._meta.db_table),
        columns=", ".join(f"{name} text" for name in columns),
        title_text=texts["title"],
        body_text=texts["body"],
        **vectors,
    )
    content_type = ContentType.objects.get_for_model(model).pk
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(rows, ensure_ascii=False), AVERAGED_TITLES, content_type])


_STATEMENT = """
WITH document AS MATERIALIZED (
    SELECT id, concat_ws(' ', {title_text}) AS title_text, concat_ws(' ', {body_text}) AS body_text,
        {title} AS title, {autocomplete} AS autocomplete, {body} AS body
    FROM json_to_recordset(%s::json) AS given({columns})
), average AS (
    SELECT avg(length) AS length FROM (
        (SELECT length(title) FROM {table} ORDER BY id DESC LIMIT %s)
        UNION ALL
        (SELECT length(title) FROM document)
    ) AS titles(length) WHERE length > 0
)
INSERT INTO {table} AS entry
    (content_type_id, object_id, title, autocomplete, body, title_norm, title_text, body_text)
SELECT %s, id, title, autocomplete, body,
    coalesce(average.length::double precision / nullif(length(title), 0), 1), title_text, body_text
FROM document CROSS JOIN average
ORDER BY id
ON CONFLICT (content_type_id, object_id) DO UPDATE SET
    title = excluded.title, autocomplete = excluded.autocomplete, body = excluded.body,
    title_norm = excluded.title_norm, title_text = excluded.title_text, body_text = excluded.body_text
"""


def _pieces(document: SearchWords) -> dict[str, list[Piece]]:
    """What each part of an entry is made of, in order."""
    parts: dict[str, list[Piece]] = {part: [] for part in PARTS}
    for field in document.get_search_fields():
        text = _as_text(field.get_value(None)).strip()
        if not text:
            continue
        if isinstance(field, index.AutocompleteField):
            parts["autocomplete"].append((text, "D"))
        else:
            part = "title" if field.field_name == "title" else "body"
            parts[part].append((text, get_weight(field.boost)))
    return parts


def _as_text(value: Any) -> str:
    """A value of a field as Wagtail's writer reads it."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        value = list(value.values())
    return ", ".join(_as_text(item) for item in value) if isinstance(value, list) else force_str(value)


def _spread(part: str, documents: Sequence[Sequence[Piece]], rows: Sequence[dict[str, str]]) -> list[str]:
    """Put the pieces of one part into columns, a weight beside each text; gives the names of the texts' columns."""
    count = max(map(len, documents))
    for pieces, row in zip(documents, rows, strict=True):
        for number in range(count):
            text, weight = pieces[number] if number < len(pieces) else ("", "D")
            row[f"{part}{number}"], row[f"{part}{number}_weight"] = text, weight
    return [f"{part}{number}" for number in range(count)]


def _vector(names: Sequence[str], config: str | None) -> str:
    """SQL for the vector of one part. ``config`` is the name of a text search configuration, from the settings."""
    quoted = "'{}'::regconfig, ".format(config.replace("'", "''").replace("%", "%%")) if config else ""
    terms = (f'setweight(to_tsvector({quoted}{name}), {name}_weight::"char")' for name in names)
    return " || ".join(terms) or "''::tsvector"
