"""Forms that know what their reader saw."""

import json
from collections import ChainMap
from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.http import QueryDict

CHANGES = "changes"


class Unreadable(ValueError):
    """The changes that a script sent are not in the form that it was told to send."""


class SeenForm(forms.Form):
    """Each field posts the value that was on the screen beside the one that was typed.

    A field has changed if those two differ, whatever is stored by then. One that has not changed, or was not posted at
    all, keeps what is stored (``initial``); one that has is refused where what is stored is no longer what was seen,
    and shows what is stored. So two people who work on different fields never disturb each other, and of two on the
    same field the later one is told, and loses nothing but that field.
    """

    def __init__(
        self, *args: Any, extra_fields: dict[str, forms.Field], locked: Iterable[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        # The fields that somebody else has changed meanwhile.
        self.stale: set[str] = set()
        self.fields.update(extra_fields)
        for field in self.fields.values():
            field.show_hidden_initial = True
        for name in locked:
            # Django takes the initial value of a disabled field, whatever was posted.
            self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        changed = set(self.changed_data)
        for name, field in self.fields.items():
            if name in changed and self._is_overtaken(name):
                self._show_stored(name)
            elif name not in changed and name in self.initial:
                self.errors.pop(name, None)  # of a field that was not posted
                cleaned[name] = field.clean(field.prepare_value(self._stored(name)))
        return cleaned

    def show_rest(self) -> None:
        """Before it is printed again: fields that were not changed, or not even posted, show what is stored."""
        if self.is_bound:
            changed = set(self.changed_data)
            self._put_stored([name for name in self.fields if name in self.initial and name not in changed])

    def seen_text(self, name: str) -> str:
        """What is stored, as the hidden input beside the field has it."""
        value = self.fields[name].prepare_value(self._stored(name))
        return "" if value is None else str(value)

    def _is_overtaken(self, name: str) -> bool:
        """Whether another value is stored now than was on the screen, and than was typed."""
        field, stored = self.fields[name], self._stored(name)
        seen = field.hidden_widget().value_from_datadict(self.data, self.files, self[name].html_initial_name)
        return field.has_changed(stored, seen) and field.has_changed(stored, self[name].data)

    def _stored(self, name: str) -> Any:
        return self.get_initial_for_field(self.fields[name], name)

    def _show_stored(self, name: str) -> None:
        """The field shows what is stored, so that only typing again can overwrite it. Its message tells both values."""
        typed = self._shown(name, self[name].data)
        stored = self._shown(name, self.fields[name].prepare_value(self._stored(name)))
        self._put_stored([name])
        self.stale.add(name)
        self.errors.pop(name, None)
        self.add_error(
            name, f"Somebody else has stored {stored} here meanwhile, and that is shown now. You had typed {typed}."
        )

    def _put_stored(self, names: Iterable[str]) -> None:
        overlay = {}
        for name in names:
            stored = self.fields[name].prepare_value(self._stored(name))
            overlay[self[name].html_initial_name] = "" if stored is None else str(stored)
            overlay[self[name].html_name] = "" if stored is None or stored is False else str(stored)
        self.data = ChainMap(overlay, cast(dict[str, Any], self.data))

    def _shown(self, name: str, value: Any) -> str:
        """A value in a message."""
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return "yes" if value in (True, "on", "True", "true") else "no"
        if isinstance(field, forms.ChoiceField):
            choices: Any = field.choices
            labels = {str(key): str(label) for key, label in choices}
            value = labels.get(str(value), value)
        return f"“{value}”" if value not in (None, "") else "nothing"


def with_changes(data: QueryDict) -> QueryDict:
    """The posted fields and the cells that a script posts together, ``[["v7-sku", typed, seen], ...]`` as JSON.

    Cells that nobody touched need not travel, so that a table of thousands can be saved in one request. Raises
    Unreadable.
    """
    if CHANGES not in data:
        return data
    try:
        changes = json.loads(str(data[CHANGES]))
        cells = [(name, typed, seen) for name, typed, seen in changes]
    except (ValueError, TypeError, RecursionError) as error:
        raise Unreadable("The changes could not be read. Reload the page and try again.") from error
    merged = data.copy()
    for cell in cells:
        if not all(isinstance(part, str) and "\0" not in part for part in cell):
            raise Unreadable("The changes could not be read. Reload the page and try again.")
        name, typed, seen = cell
        merged[name] = typed
        merged[f"initial-{name}"] = seen
    return merged


def posted_keys(data: Mapping[str, Any], letter: str) -> set[int]:
    """The numbers of the forms that were posted under prefixes like ``v12``."""
    found = set()
    for name in data:
        prefix, dash, _ = name.removeprefix("initial-").partition("-")
        number = prefix.removeprefix(letter)
        if dash and prefix != number and number.isascii() and number.isdigit() and len(number) < 20:
            found.add(int(number))
    return found
