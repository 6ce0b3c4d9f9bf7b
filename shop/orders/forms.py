"""Changing an order in the admin."""

from typing import Any

from django import forms

from shop.orders.actions import OrderAction
from shop.orders.models import Order
from shop.orders.services import EVENT_MESSAGE_LENGTH


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
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Goes into the order's history. The buyer does not see it.",
    )
    seen_status = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, order: Order, actions: list[OrderAction], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order
        self.notes_required = {action.code for action in actions if action.note_required}
        field: Any = self.fields["action"]
        field.choices = [(action.code, action.label) for action in actions]
        self.fields["seen_status"].initial = order.status

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("seen_status") and data["seen_status"] != self.order.status:
            self.add_error(None, "The order has changed since you opened this page. Look at it again, then decide.")
        if data.get("action") in self.notes_required and not data.get("note"):
            self.add_error("note", "Write the note.")
        return data
