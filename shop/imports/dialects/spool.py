"""Rows of a file put aside until the rows that belong to them have come: on disk, so that memory stays flat."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Self

from shop.imports.reading import Row


class Spool:
    """Groups of rows in the order in which each group's first row came. Use as a context manager."""

    def __init__(self) -> None:
        # SQLite keeps an unnamed database in a temporary file as soon as it outgrows its cache.
        self._database = sqlite3.connect("", check_same_thread=False)
        self._database.execute("CREATE TABLE kept (name TEXT, head INTEGER, line INTEGER, cells TEXT)")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._database.close()

    def put(self, name: str, row: Row, *, head: bool) -> None:
        """``head``: the row that the group is about."""
        self._database.execute("INSERT INTO kept VALUES (?, ?, ?, ?)", (name, head, row.line, json.dumps(row.cells)))

    def rename(self, names: Mapping[str, str]) -> None:
        """Move groups to other names: what a row calls its group is known only now."""
        self._database.execute("CREATE INDEX kept_name ON kept (name, line)")
        self._database.executemany(
            "UPDATE kept SET name = ? WHERE name = ?", ((new, old) for old, new in names.items())
        )

    def groups(self) -> Iterator[tuple[str, Row | None, Iterator[Row]]]:
        """Name, head and the other rows of each group."""
        names = self._database.execute("SELECT name, min(line) AS first FROM kept GROUP BY name ORDER BY first")
        for name, _ in names:
            head = self._database.execute(
                "SELECT line, cells FROM kept WHERE name = ? AND head ORDER BY line LIMIT 1", (name,)
            ).fetchone()
            rest = self._database.execute(
                "SELECT line, cells FROM kept WHERE name = ? AND NOT head ORDER BY line", (name,)
            )
            yield name, _row(*head) if head else None, (_row(*each) for each in rest)


def _row(line: int, cells: str) -> Row:
    return Row(line, json.loads(cells))
