"""Forms of the order's page and of the pages of its shipments and returns."""

from typing import Any

from django import forms

from shop.accounts.models import User
from shop.orders import fulfilment, returns
from shop.orders.action_forms import CHANGED, note_field
from shop.orders.actions import OrderAction
from shop.orders.history import EVENT_MESSAGE_LENGTH
from shop.orders.models import Fulfilment, Order, Return

KEEP = "keep_"


class ActionForm(forms.Form):
    """What to do with the order, of what is possible now, and why.

    ``seen_status`` is the state that the member of staff was looking at: acting on a stale page is refused.
    """

    action = forms.ChoiceField(
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what to do.",
            "invalid_choice": "That is no longer possible: the order has changed meanwhile.",
        },
    )
    note = forms.CharField(
        required=False,
        max_length=EVENT_MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Goes into the order's history. The buyer does not see it.",
    )
    seen_status = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, order: Order, actions: list[OrderAction], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order
        self.notes_required = {action.code for action in actions if action.note_required}
        field: Any = self.fields["action"]
        field.choices = [(action.code, action.label) for action in actions if action.form is None]
        self.fields["seen_status"].initial = order.status

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("seen_status") and data["seen_status"] != self.order.status:
            self.add_error(None, CHANGED)
        if data.get("action") in self.notes_required and not data.get("note"):
            self.add_error("note", "Write the note.")
        return data


class UndoForm(forms.Form):
    """Why a shipment does not count."""

    note = note_field("Why")

    def __init__(self, *args: Any, shipment: Fulfilment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shipment = shipment

    def run(self, *, actor: User) -> str:
        """Raises OrderRefused."""
        fulfilment.undo(fulfilment_id=self.shipment.pk, actor=actor, note=self.cleaned_data["note"])
        return f"{self.shipment} does not count any more: its units are to be sent again."


class ReturnStepForm(forms.Form):
    """The next step of a return: received (and how many of each line are kept), closed, or never came."""

    STEPS = {
        Return.State.REQUESTED: [("receive", "It is here"), ("drop", "It never came")],
        Return.State.RECEIVED: [("close", "Everything is done")],
    }

    step = forms.ChoiceField()
    note = note_field()

    def __init__(self, *args: Any, returned: Return, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.returned = returned
        self.steps = self.STEPS.get(Return.State(returned.state), [])
        field: Any = self.fields["step"]
        field.choices = self.steps
        self.parts = list(returned.lines.select_related("line").prefetch_related("line__components"))
        if returned.state == Return.State.REQUESTED:
            for part in self.parts:
                self.fields[f"{KEEP}{part.pk}"] = forms.IntegerField(
                    label=part.line.title,
                    min_value=0,
                    max_value=part.quantity,
                    required=False,
                    initial=part.quantity,
                    error_messages={"max_value": f"Only {part.quantity} came back.", "min_value": "Not below 0."},
                    widget=forms.NumberInput(attrs={"class": "order__units", "inputmode": "numeric"}),
                )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("step") == "receive":
            for part in self.parts:
                name = f"{KEEP}{part.pk}"
                # An empty field is no decision: nothing is written off because somebody forgot a number.
                if name not in self.errors and data.get(name) is None:
                    self.add_error(name, "Write how many go back to the shelf; 0 where none does.")
        return data

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """Each line with its field, if it has one."""
        return [(part, self[f"{KEEP}{part.pk}"] if f"{KEEP}{part.pk}" in self.fields else None) for part in self.parts]

    def run(self, *, actor: User) -> str:
        """Raises OrderRefused."""
        note, pk = self.cleaned_data["note"], self.returned.pk
        match self.cleaned_data["step"]:
            case "receive":
                keep = {part.pk: self.cleaned_data[f"{KEEP}{part.pk}"] for part in self.parts}
                returns.receive(return_id=pk, restock=keep, note=note, actor=actor)
                return f"{self.returned} is received."
            case "drop":
                returns.drop(return_id=pk, note=note, actor=actor)
                return f"{self.returned} never came: its units count as sent."
            case _:
                returns.close(return_id=pk, note=note, actor=actor)
                return f"{self.returned} is closed."
