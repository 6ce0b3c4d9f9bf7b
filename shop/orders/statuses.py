"""What state an order is in, and the only ways from one to the next.

    awaiting_payment --pay--> paid --fulfil--> fulfilled
           |                    | <--reopen------|
           |--cancel------------+--cancel--> cancelled
           +--fail_payment--> payment_failed

``services.py`` and ``fulfilment.py`` have one function per transition: lock, check, act, record the event. What is
partial is kept on rows of its own, not as further states here: shipments (``Fulfilment``), units that will not be sent
and units that came back (counts on the lines, ``Return``), refunds (in the room above). ``fulfil`` is taken by itself
when the last unit has left, which for an order of downloads is the moment in which it is paid; ``reopen`` when a
shipment turns out to be a mistake. ``cancel`` is refused where a part has been sent.
"""

from dataclasses import dataclass

from django.db import models


class Status(models.TextChoices):
    """Where an order stands. The last two are final, and so is FULFILLED unless a shipment was a mistake."""

    AWAITING_PAYMENT = "awaiting_payment", "Awaiting payment"
    PAID = "paid", "Paid, to be sent"
    FULFILLED = "fulfilled", "Sent"
    CANCELLED = "cancelled", "Cancelled"
    PAYMENT_FAILED = "payment_failed", "Payment failed"


class StockState(models.TextChoices):
    """What became of the units that the order took from stock."""

    RESERVED = "reserved", "Reserved"
    SOLD = "sold", "Sold"
    RELEASED = "released", "Given back"


@dataclass(frozen=True, slots=True)
class Transition:
    """A named way from some states to one."""

    name: str
    label: str
    sources: frozenset[Status]
    target: Status


PAY = Transition("pay", "Payment received", frozenset({Status.AWAITING_PAYMENT}), Status.PAID)
FAIL_PAYMENT = Transition("fail_payment", "Payment failed", frozenset({Status.AWAITING_PAYMENT}), Status.PAYMENT_FAILED)
CANCEL = Transition("cancel", "Cancelled", frozenset({Status.AWAITING_PAYMENT, Status.PAID}), Status.CANCELLED)
FULFIL = Transition("fulfil", "Sent", frozenset({Status.PAID}), Status.FULFILLED)
REOPEN = Transition("reopen", "To be sent again", frozenset({Status.FULFILLED}), Status.PAID)

TRANSITIONS = (PAY, FAIL_PAYMENT, CANCEL, FULFIL, REOPEN)


def allowed(status: str) -> list[Transition]:
    """The transitions that lead on from a state."""
    return [transition for transition in TRANSITIONS if status in transition.sources]


class OrderRefused(Exception):
    """What was asked of an order is not possible (any more); the message is for staff. Nothing was changed."""


class TransitionRefused(OrderRefused):
    """The order is in a state that this transition does not start from; nothing was changed."""

    def __init__(self, *, number: str, status: str, transition: Transition) -> None:
        self.status = Status(status)
        self.transition = transition
        super().__init__(
            f"Order {number} is “{self.status.label}”: “{transition.label}” is possible only from "
            + " or ".join(f"“{source.label}”" for source in sorted(transition.sources))
            + "."
        )
