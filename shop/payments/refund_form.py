"""Staff give money back: an amount, or units and delivery, from which the amount follows."""

import uuid
from collections import Counter
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms.widgets import Script

from shop.accounts.models import User
from shop.money import MoneyError, exponent, format_money, spread, to_minor
from shop.orders import fulfilment
from shop.orders.action_forms import LinesForm
from shop.orders.locks import lock_order
from shop.orders.models import Order, OrderLine, Return
from shop.orders.statuses import FULFIL, OrderRefused
from shop.orders.tax_shares import delivery_by_rate
from shop.payments.refunds import RefundRefused, refund_order
from shop.payments.selectors import refund_by_key, refundable_payment


def paid_for(line: OrderLine, units: int) -> int:
    """What was paid for some units of a line, in minor units: all units together come to the line's total exactly.

    A total that cannot be divided evenly gives the first units a minor unit more.
    """
    return sum(spread(line.line_total, [1] * line.quantity)[:units]) if units else 0


class RefundForm(LinesForm):
    """What goes back, why, and whether units that have not been sent yet come off the order with it.

    ``key`` names this filled-in form: sent twice, it refunds once.
    """

    needs_units = False
    sums_template = "payments/admin/refund_sums.html"

    delivery = forms.BooleanField(label="Give back the delivery charge", required=False)
    amount = forms.CharField(
        required=False,
        max_length=20,
        help_text="Empty: what was paid for the units and the delivery that you choose.",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    take_off = forms.ChoiceField(
        label="Units that have not been sent",
        choices=[
            ("", "stay on the order"),
            ("shelf", "will not be sent, and go back to the shelf"),
            ("gone", "will not be sent, and are missing or spoilt"),
        ],
        required=False,
    )
    reason = forms.CharField(max_length=200, help_text="The buyer reads it on the credit note and in the letter.")
    key = forms.UUIDField(widget=forms.HiddenInput)

    class Media:
        js = [Script("payments/refund.js", type="module")]

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        initial = {**self._of_return(order, (kwargs.get("initial") or {}).get("return", "")), "key": uuid.uuid4()}
        super().__init__(*args, order=order, **{**kwargs, "initial": initial})
        payment = refundable_payment(order)
        self.refundable = payment.refundable if payment else 0
        self.taken = payment.captured if payment else 0
        self.places = exponent(order.currency)
        self.fields["amount"].label = f"Amount, at most {format_money(self.refundable, order.currency)}"
        if order.shipping_total:
            price = format_money(order.shipping_total, order.currency)
            self.fields["delivery"].label = f"Give back the delivery charge of {price}"
            self.fields["delivery"].widget.attrs["data-charge"] = order.shipping_total
        else:
            del self.fields["delivery"]
        if order.status not in FULFIL.sources or not order.units_to_send:
            del self.fields["take_off"]

        # For the script that counts along.
        for line, field, _ in self.line_fields:
            field.field.widget.attrs |= {"data-line-total": line.line_total, "data-line-quantity": line.quantity}

    @property
    def given_back(self) -> int:
        """What has gone back, or has to, in minor units."""
        return self.taken - self.refundable

    def _of_return(self, order: Order, pk: str) -> dict[str, Any]:
        """The units of a return, filled in."""
        returned = order.returns.filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) < 19 else None
        if returned is None:
            return {}
        units = {f"units_{part.line_id}": part.quantity for part in returned.lines.all()}
        return {**units, "reason": f"{Return.Reason(returned.reason).label} ({str(returned).lower()})"}

    def most(self, line: OrderLine) -> int:
        return line.quantity

    def clean_amount(self) -> int | None:
        """Minor units of the order's currency. A comma is refused: to some 12,50 is twelve and a half."""
        text = self.cleaned_data["amount"].strip()
        if not text:
            return None
        try:
            amount = to_minor(text, self.order.currency)
        except MoneyError as error:
            raise ValidationError(str(error)) from error
        if amount < 1:
            raise ValidationError("Write an amount above zero.")
        return amount

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.errors:
            return data
        chosen = any(self.quantities.values()) or data.get("delivery")
        if data["amount"] is not None and data.get("delivery"):
            self.add_error("amount", "Write an amount or choose delivery, not both: say all of it in the amount.")
        elif data["amount"] is None and not chosen:
            self.add_error(None, "Choose units or delivery, or write an amount.")
        elif self.total > self.refundable:
            left = format_money(self.refundable, self.order.currency)
            wanted = format_money(self.total, self.order.currency)
            self.add_error(None, f"That would be {wanted}, but at most {left} of this payment can still go back.")
        elif self.total < 1:
            self.add_error(None, "Nothing was paid for what you chose, so nothing can go back.")
        if data.get("take_off") and any(units > line.to_send for line, units in self._units):
            self.add_error("take_off", "Some of these units have been sent: they can only come back as a return.")
        return data

    @property
    def _units(self) -> list[tuple[OrderLine, int]]:
        return [(line, self.quantities[line.pk]) for line, _ in self.rows]

    @property
    def total(self) -> int:
        """What goes back, in minor units."""
        if self.cleaned_data["amount"] is not None:
            return int(self.cleaned_data["amount"])
        goods = sum(paid_for(line, units) for line, units in self._units)
        return goods + (self.order.shipping_total if self.cleaned_data.get("delivery") else 0)

    @property
    def by_rate(self) -> dict[int, int] | None:
        """What of the total was paid at which tax rate; None where neither units nor delivery were chosen."""
        paid: Counter[int] = Counter()
        for line, units in self._units:
            paid[line.tax_rate] += paid_for(line, units)
        if self.cleaned_data.get("delivery"):
            paid.update(delivery_by_rate(self.order))
        rates = sorted(rate for rate, amount in paid.items() if amount)
        return dict(zip(rates, spread(self.total, [paid[rate] for rate in rates]), strict=True)) if rates else None

    def run(self, *, actor: User) -> str:
        reason, key = self.cleaned_data["reason"], self.cleaned_data["key"]
        take_off = self.cleaned_data.get("take_off")
        try:
            with transaction.atomic():
                lock_order(order_id=self.order.pk)
                # The form sent twice refunds once, so it also takes units off once.
                is_new = refund_by_key(key) is None
                words = refund_order(
                    self.order, amount=self.total, reason=reason, actor=actor, key=key, by_rate=self.by_rate
                )
                if take_off and is_new:
                    fulfilment.withdraw(
                        order_id=self.order.pk,
                        quantities=self.quantities,
                        restock=take_off == "shelf",
                        actor=actor,
                        note=reason,
                    )
        except RefundRefused as refused:
            raise OrderRefused(str(refused)) from refused
        return words
