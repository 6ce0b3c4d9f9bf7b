"""Forms that know what their reader saw."""

from collections.abc import Iterable
from typing import Any

from django import forms


class SeenForm(forms.Form):
    """Each field posts the value that was on the screen beside the one that was typed.

    A field has changed if those two differ, whatever is stored by then. One that has not changed keeps what is stored
    (``initial``); one that has is refused where what is stored is no longer what was seen. So two people who work on
    different fields never disturb each other, and two on the same field are told.
    """

    def __init__(
        self, *args: Any, extra_fields: dict[str, forms.Field], locked: Iterable[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
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
            if name in changed and name in cleaned and self._is_overtaken(name):
                self._show_stored(name)
                self.add_error(name, "Changed by somebody else meanwhile. Check, and save again to overwrite.")
            elif name not in changed and name in self.initial and name in cleaned:
                cleaned[name] = field.clean(field.prepare_value(self._stored(name)))
        return cleaned

    def _is_overtaken(self, name: str) -> bool:
        """Whether another value is stored now than was on the screen."""
        widget = self.fields[name].hidden_widget()
        seen = widget.value_from_datadict(self.data, self.files, self[name].html_initial_name)
        return self.fields[name].has_changed(self._stored(name), seen)

    def _stored(self, name: str) -> Any:
        return self.get_initial_for_field(self.fields[name], name)

    def _show_stored(self, name: str) -> None:
        """What is stored now becomes what was seen, so that saving once more is a decision."""
        data: Any = self.data.copy() if hasattr(self.data, "copy") else dict(self.data)
        data[self[name].html_initial_name] = self.fields[name].prepare_value(self._stored(name))
        self.data = data
