"""On PostgreSQL: let the planner know that reading the column ``words`` of every row is dear.

Long vectors are stored apart from their rows, which the planner does not count: for a frequent word it read all of them
rather than the index, which took ten times as long. The index is on a function of the column that says its price.
"""

from typing import Any

from django.db import migrations

INSTALL = (
    "CREATE OR REPLACE FUNCTION search_words(words tsvector) RETURNS tsvector"
    " LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS 'BEGIN RETURN words; END'",
    "DROP INDEX IF EXISTS search_document_words",
    "CREATE INDEX search_document_words ON search_searchdocument USING gin (search_words(words))",
)
REMOVE = (
    "DROP INDEX IF EXISTS search_document_words",
    "DROP FUNCTION IF EXISTS search_words(tsvector)",
    "CREATE INDEX search_document_words ON search_searchdocument USING gin (words)",
)


def install(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for statement in INSTALL:
            schema_editor.execute(statement)


def remove(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for statement in REMOVE:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0004_search_groups")]

    operations = [migrations.RunPython(install, remove)]
