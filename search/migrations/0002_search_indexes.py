"""The indexes that no field can declare: GIN on PostgreSQL, FTS5 tables and their triggers on SQLite.

SQLite drops triggers when a later migration remakes a table: such a migration must run ``install`` again at its end.
"""

from typing import Any

from django.db import migrations

POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX IF NOT EXISTS search_document_words ON search_searchdocument USING gin (words)",
    "CREATE INDEX IF NOT EXISTS search_term_keys ON search_term USING gin (keys)",
    "CREATE INDEX IF NOT EXISTS search_term_trigrams ON search_term USING gin (word gin_trgm_ops)",
)


def _mirrored(table: str, mirror: str, columns: str) -> tuple[str, ...]:
    """An FTS5 table that reads another table's columns, and what keeps it in step."""
    new, old = (", ".join(f"{row}.{column}" for column in columns.split(", ")) for row in ("new", "old"))
    forget = f"INSERT INTO {mirror} ({mirror}, rowid, {columns}) VALUES ('delete', old.id, {old});"  # noqa: S608
    take = f"INSERT INTO {mirror} (rowid, {columns}) VALUES (new.id, {new});"  # noqa: S608
    return (
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {mirror} USING fts5"
        f" ({columns}, content='{table}', content_rowid='id', tokenize='unicode61 remove_diacritics 0')",
        f"CREATE TRIGGER IF NOT EXISTS {mirror}_insert AFTER INSERT ON {table} BEGIN {take} END",
        f"CREATE TRIGGER IF NOT EXISTS {mirror}_delete AFTER DELETE ON {table} BEGIN {forget} END",
        f"CREATE TRIGGER IF NOT EXISTS {mirror}_update AFTER UPDATE OF {columns} ON {table} BEGIN {forget} {take} END",
    )


SQLITE = (
    *_mirrored("search_searchdocument", "search_document_fts", "section, title, brand, facts, body"),
    *_mirrored("search_term", "search_term_fts", "keys"),
    "CREATE VIRTUAL TABLE IF NOT EXISTS search_document_stems USING fts5vocab('search_document_fts', 'row')",
)
SQLITE_REMOVED = (
    *(
        f"DROP TRIGGER IF EXISTS {mirror}_{event}"
        for mirror in ("search_document_fts", "search_term_fts")
        for event in ("insert", "delete", "update")
    ),
    "DROP TABLE IF EXISTS search_document_stems",
    "DROP TABLE IF EXISTS search_document_fts",
    "DROP TABLE IF EXISTS search_term_fts",
)


def install(apps: Any, schema_editor: Any) -> None:
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def uninstall(apps: Any, schema_editor: Any) -> None:
    """On PostgreSQL the indexes go with their tables."""
    if schema_editor.connection.vendor != "postgresql":
        for statement in SQLITE_REMOVED:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_search_documents")]

    operations = [migrations.RunPython(install, uninstall, elidable=False)]
