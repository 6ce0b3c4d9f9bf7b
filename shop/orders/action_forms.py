"""What the actions of this room ask before they run."""

from typing import Any

from django import forms
from django.db import transaction

from shop.accounts.models import User
from shop.orders import fulfilment, returns, services
from shop.orders.actions import OrderForm
from shop.orders.fulfilment import Parcel
from shop.orders.history import EVENT_MESSAGE_LENGTH
from shop.orders.models import Carrier, Order, OrderLine, Return

UNITS = "units_"
CHANGED = "The order has changed since you opened this page. Look at it again, then decide."


def note_field(label: str = "Note", help_text: str = "For the order's history. The buyer does not see it.") -> Any:
    """Words for staff."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=EVENT_MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=help_text,
    )


class LinesForm(OrderForm):
    """Asks how many units of each line; subclasses say how many there can be, and what is filled in.

    ``seen`` is what had become of the units when the page was opened: the form sent twice, or after somebody else has
    sent theirs, is shown again instead.
    """

    needs_units = True

    seen = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, order=order, **kwargs)
        lines = list(order.lines.prefetch_related("components"))
        self.state = " ".join(f"{line.fulfilled}.{line.withdrawn}.{line.returned}" for line in lines)
        self.fields["seen"].initial = self.state
        self.rows = [(line, self.most(line)) for line in lines]
        self.rows = [(line, most) for line, most in self.rows if most]
        units = {
            f"{UNITS}{line.pk}": forms.IntegerField(
                label=line.title,
                min_value=0,
                max_value=most,
                required=False,
                initial=self.filled_in(line, most),
                error_messages={
                    "max_value": f"At most {most}.",
                    "min_value": "Not below 0.",
                    "invalid": "Write a whole number.",
                },
                widget=forms.NumberInput(attrs={"class": "order__units", "inputmode": "numeric"}),
            )
            for line, most in self.rows
        }
        self.fields = {**units, **self.fields}

    def most(self, line: OrderLine) -> int:
        """How many units of a line can be named."""
        raise NotImplementedError

    def filled_in(self, line: OrderLine, most: int) -> int:
        """What stands in the field at first."""
        return 0

    @property
    def line_fields(self) -> list[tuple[OrderLine, Any, int]]:
        """Each line with its field and how many there can be; for the template."""
        return [(line, self[f"{UNITS}{line.pk}"], most) for line, most in self.rows]

    @property
    def other_fields(self) -> list[Any]:
        """The fields below the lines."""
        return [field for field in self if not field.name.startswith(UNITS)]

    @property
    def quantities(self) -> dict[int, int]:
        """Units by line id, of a valid form."""
        return {line.pk: self.cleaned_data.get(f"{UNITS}{line.pk}") or 0 for line, _ in self.rows}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("seen") and data["seen"] != self.state:
            # What is shown now has been seen.
            self.data = {**dict(self.data.items()), "seen": self.state}
            self.add_error(None, CHANGED)
        if self.needs_units and not self.errors and not any(self.quantities.values()):
            self.add_error(None, "Write how many units: at least one.")
        return data


class SendForm(LinesForm):
    """Units that leave, and with whom."""

    carrier = forms.ChoiceField(required=False)
    tracking_number = forms.CharField(
        required=False, max_length=80, help_text="The buyer gets a link where the carrier has an address for it."
    )
    tell = forms.BooleanField(label="Write to the buyer", required=False, initial=True)
    note = note_field()

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, order=order, **kwargs)
        if order.is_collected:
            # Nobody carries what the buyer comes for.
            del self.fields["carrier"], self.fields["tracking_number"]
            return
        names = list(Carrier.objects.values_list("name", flat=True))
        self.fields["carrier"].choices = [("", "Not said"), *((name, name) for name in names)]  # type: ignore[attr-defined]

    def most(self, line: OrderLine) -> int:
        return line.to_send

    def filled_in(self, line: OrderLine, most: int) -> int:
        return most

    def clean_tracking_number(self) -> str:
        """Without the spaces that people and labels put into it."""
        return "".join(str(self.cleaned_data["tracking_number"]).split())

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("tracking_number") and not data.get("carrier") and "carrier" not in self.errors:
            self.add_error("carrier", "Say who carries it: a tracking number means nothing without.")
        return data

    def run(self, *, actor: User) -> str:
        fulfilment.send(
            order_id=self.order.pk,
            quantities=self.quantities,
            parcel=Parcel(self.cleaned_data.get("carrier", ""), self.cleaned_data.get("tracking_number", "")),
            actor=actor,
            note=self.cleaned_data["note"],
            tell=self.cleaned_data["tell"],
        )
        units = sum(self.quantities.values())
        left = sum(most for _, most in self.rows) - units
        what = f"{units} unit{'' if units == 1 else 's'} of order {self.order.number}"
        if self.order.is_collected:
            return f"{what} recorded as ready to collect. {f'{left} still to come.' if left else 'That is all of it.'}"
        return f"{what} recorded as sent. {f'{left} still to send.' if left else 'Nothing is left to send.'}"


class ReturnForm(LinesForm):
    """Units that come back, and why."""

    reason = forms.ChoiceField(choices=Return.Reason.choices)
    here = forms.BooleanField(
        label="They are here already, and all go back to the shelf",
        required=False,
        help_text="Otherwise say so, and what becomes of each unit, when the parcel arrives.",
    )
    note = note_field()

    def most(self, line: OrderLine) -> int:
        return line.returnable

    @transaction.atomic
    def run(self, *, actor: User) -> str:
        returned = returns.announce(
            order_id=self.order.pk,
            quantities=self.quantities,
            reason=self.cleaned_data["reason"],
            note=self.cleaned_data["note"],
            actor=actor,
        )
        if self.cleaned_data["here"]:
            returns.receive(return_id=returned.pk, actor=actor)
            return f"{returned} is received and back on the shelf."
        return f"{returned} is expected. Open it here when it arrives."


class WithdrawForm(LinesForm):
    """Units that will not be sent."""

    restock = forms.TypedChoiceField(
        label="The goods",
        choices=[("yes", "go back to the shelf"), ("no", "are missing or spoilt")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        initial="yes",
    )
    note = note_field(help_text="Why. The buyer does not see it; money is given back with “Give money back”.")

    def most(self, line: OrderLine) -> int:
        return line.to_send

    def run(self, *, actor: User) -> str:
        fulfilment.withdraw(
            order_id=self.order.pk,
            quantities=self.quantities,
            restock=self.cleaned_data["restock"],
            actor=actor,
            note=self.cleaned_data["note"],
        )
        units = sum(self.quantities.values())
        return f"{units} unit{'' if units == 1 else 's'} taken off order {self.order.number}."


class SendLetterForm(OrderForm):
    """Which letter."""

    letter = forms.ChoiceField(widget=forms.RadioSelect, error_messages={"required": "Choose a letter."})

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, order=order, **kwargs)
        self.letters = {str(letter.pk): letter for letter in order.mails.all()}
        field: Any = self.fields["letter"]
        field.choices = [(pk, letter.title) for pk, letter in self.letters.items()]
        field.initial = next(iter(self.letters), None)

    def run(self, *, actor: User) -> str:
        letter = self.letters[self.cleaned_data["letter"]]
        services.resend_mail(order=self.order, kind=letter.kind, key=letter.key, actor=actor)
        return f"“{letter.title}” is on its way to {self.order.email} again."
