"""Makes a double quote searchable in the admin on SQLite.

Wagtail's search writes each word between double quotes into the query for SQLite's FTS5, but does not double the ones
inside: an editor who looks for ``12" plate`` gets a server error (seen with modelsearch 1.3). The test beside this file
says when Wagtail's own code has become enough.
"""

from typing import Any

from django.db import connection


def apply() -> None:
    """Replace the one method that quotes a word. Does nothing on other databases."""
    if connection.vendor != "sqlite":
        return
    from modelsearch.backends.database.sqlite.query import Lexeme

    def as_sql(self: Any, compiler: Any, connection: Any) -> tuple[str, list[str]]:
        """As the original, with ``"`` doubled, which is how FTS5 escapes it."""
        value = self.value.replace("'", "''").replace("\\", "\\\\").replace('"', '""')
        return ('"%s"*' if self.prefix else '"%s"'), [value]

    Lexeme.as_sql = as_sql
