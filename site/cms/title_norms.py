"""Keeps saving one page from reading the titles of all pages.

Wagtail's index in the database weighs titles by their length against the average. After each save it computes that
average over every entry and looks through all of them for new ones: at 43,000 pages that is most of the time a save
takes. Here the latest titles stand for all, and the entries that were just written are found by their key. A rebuild
of the index (``update_index``) measures everything exactly, as before. The test beside this file names what this
relies on.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from django.db import connection, models
from django.db.models import Avg, F
from django.db.models.functions import Length
from django.utils.encoding import force_str
from modelsearch.utils import get_content_type_pk
from wagtail.search.models import IndexEntry

AVERAGED_TITLES = 1_000
INDEXES = {
    "postgresql": ("modelsearch.backends.database.postgres.postgres", "PostgresIndex"),
    "sqlite": ("modelsearch.backends.database.sqlite.sqlite", "SQLiteIndex"),
}


def measure(model: type[models.Model], keys: Sequence[str]) -> None:
    """Weigh the titles of these objects' entries."""
    entries = IndexEntry._default_manager.annotate(title_length=Length("title")).filter(title_length__gt=0)
    latest = entries.order_by("-pk")[:AVERAGED_TITLES]
    average = latest.aggregate(average=Avg("title_length"))["average"]
    if average is not None:
        written = entries.filter(content_type_id=get_content_type_pk(model), object_id__in=keys)
        written.update(title_norm=average / F("title_length"))


def mended(index: type[Any]) -> tuple[Callable[..., None], Callable[..., None]]:
    """Replacements of an index class's ``add_items`` and ``_refresh_title_norms``."""
    add_items, refresh_all = index.add_items, index._refresh_title_norms

    def add_and_measure(self: Any, model: type[models.Model], objs: Sequence[models.Model]) -> None:
        add_items(self, model, objs)
        measure(model, [force_str(obj.pk) for obj in objs])

    def refresh(self: Any, full: bool = False) -> None:
        if full:
            refresh_all(self, full=True)

    return add_and_measure, refresh


def apply() -> None:
    """Replace two methods of the index that this database uses."""
    if connection.vendor not in INDEXES:
        return
    module, name = INDEXES[connection.vendor]
    index: Any = getattr(import_module(module), name)
    index.add_items, index._refresh_title_norms = mended(index)
