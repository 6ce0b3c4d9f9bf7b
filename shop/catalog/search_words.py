"""What Wagtail's database search backends read of an object, worked out once.

They ask an object for each of its search fields up to five times per document, and every time its rich text is turned
into plain text again: half the time of a large import. ``SearchWords`` stands in and answers from memory.
``tests/test_bulk.py`` holds the resulting index entries against those of the objects themselves.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Manager, Model
from wagtail.search import index


class _Searched(index.SearchField):
    def __init__(self, name: str, text: Any, boost: float | None) -> None:
        super().__init__(name, boost=boost)
        self.text = text

    def get_value(self, obj: Any) -> Any:
        return self.text


class _Completed(index.AutocompleteField):
    def __init__(self, name: str, text: Any) -> None:
        super().__init__(name)
        self.text = text

    def get_value(self, obj: Any) -> Any:
        return self.text


class SearchWords:
    """Stands in for an indexed object."""

    def __init__(self, obj: Any) -> None:
        self.pk = obj.pk
        self._fields = list(_joined(_resolved(obj, obj.get_search_fields())))

    def get_search_fields(self) -> list[Any]:
        return self._fields


def in_database(backend: Any) -> bool:
    """Whether a backend is one of those that keep their index in the shop's own database."""
    return type(backend).__module__.startswith("modelsearch.backends.database.")


def _resolved(obj: Model, fields: Iterable[Any]) -> Iterator[_Searched | _Completed]:
    for field in fields:
        if isinstance(field, index.RelatedFields):
            related = field.get_value(obj)
            if related is None:
                continue
            for one in related.all() if isinstance(related, Manager) else [related]:
                yield from _resolved(one, field.fields)
        elif isinstance(field, index.SearchField):
            yield _Searched(field.field_name, field.get_value(obj), field.boost)
        elif isinstance(field, index.AutocompleteField):
            yield _Completed(field.field_name, field.get_value(obj))


def _joined(fields: Iterable[_Searched | _Completed]) -> Iterator[_Searched | _Completed]:
    """Neighbouring texts of the same part of the index and the same weight, as one: one term of SQL, not several."""
    last: dict[str, _Searched | _Completed] = {}
    for field in fields:
        if isinstance(field.text, list) and all(isinstance(text, str) for text in field.text):
            field.text = ", ".join(field.text)  # as the backends do
        if isinstance(field.text, str):
            if not (text := field.text.strip()):
                continue
            part = "completed" if isinstance(field, _Completed) else "title" if field.field_name == "title" else "body"
            before = last.get(part)
            if before and getattr(before, "boost", None) == getattr(field, "boost", None):
                before.text += f" {text}"
                continue
            field.text = text
            last[part] = field
        yield field
