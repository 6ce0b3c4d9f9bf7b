"""A column of lexemes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models

# PostgreSQL keeps positions up to this one, and at most 255 of a lexeme.
LAST_POSITION = 16_383


class LexemesField(models.TextField):
    """PostgreSQL's ``tsvector``, written as it is and never parsed; on SQLite a text of words.

    Values come from ``lexemes`` or ``weighted``. Reading gives what the database says, which nobody needs.
    """

    # What type checkers let be assigned.
    _pyi_private_set_type: Any

    def db_type(self, connection: Any) -> str | None:
        return "tsvector" if connection.vendor == "postgresql" else super().db_type(connection)

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "%s::tsvector" if connection.vendor == "postgresql" else "%s"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """``(lexeme, places)`` pairs, or plain lexemes."""
        if not isinstance(value, (list, tuple)):
            return value
        if connection.vendor != "postgresql":
            return " ".join(lexeme for lexeme, _ in value)
        return " ".join(f"'{lexeme}':{places}" if places else f"'{lexeme}'" for lexeme, places in value)


def plain(lexemes: Sequence[str]) -> list[tuple[str, str]]:
    """Lexemes without places."""
    return [(lexeme, "") for lexeme in dict.fromkeys(lexemes)]


def weighted(texts: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Lexemes of several texts by weight label ("A" to "D"), one behind the other."""
    places: dict[str, list[str]] = {}
    position = 0
    for label, lexemes in texts.items():
        for lexeme in lexemes:
            position = min(position + 1, LAST_POSITION)
            places.setdefault(lexeme, []).append(f"{position}{label}")
    return [(lexeme, ",".join(found[:255])) for lexeme, found in places.items()]
