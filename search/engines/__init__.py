"""The engines that find documents, behind one protocol; the database says which."""

from functools import lru_cache

from django.db import connection

from search.engines.base import Engine, Match, Near
from search.engines.postgres import PostgresEngine
from search.engines.sqlite import SqliteEngine

__all__ = ["Engine", "Match", "Near", "engine"]


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The engine of this database."""
    return PostgresEngine() if connection.vendor == "postgresql" else SqliteEngine()
