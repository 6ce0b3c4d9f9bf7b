"""What staff can do to an order. The room that owns an effect registers the action for it.

Orders know how to be sent; only payments know how to cancel what has been paid. An action is offered where it is
possible now, and checks again under locks when it runs.
"""

from collections.abc import Callable
from dataclasses import dataclass

from shop.accounts.models import User
from shop.orders import downloads, services
from shop.orders.models import Order, OrderEvent, OrderMail
from shop.orders.statuses import FULFIL, TransitionRefused


class ActionRefused(Exception):
    """The action is not possible (any more); the message is for staff. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class OrderAction:
    """One thing to do: where it is possible, and how. ``run`` gives the words for staff or raises ActionRefused."""

    code: str
    label: str
    explanation: str
    is_possible: Callable[[Order], bool]
    run: Callable[[Order, User, str], str]
    rank: int = 50
    note_required: bool = False


class AlreadyRegistered(RuntimeError):
    """Two actions have the same code."""


class ActionRegistry:
    """The actions, in the order in which staff see them."""

    def __init__(self) -> None:
        self._actions: dict[str, OrderAction] = {}

    def register(self, action: OrderAction) -> None:
        """Add an action. Raises AlreadyRegistered for a code that is taken."""
        if action.code in self._actions:
            raise AlreadyRegistered(f"An action {action.code!r} is registered already.")
        self._actions[action.code] = action

    def possible(self, order: Order) -> list[OrderAction]:
        """What can be done with the order now."""
        ranked = sorted(self._actions.values(), key=lambda action: (action.rank, action.code))
        return [action for action in ranked if action.is_possible(order)]

    def run(self, code: str, *, order: Order, actor: User, note: str) -> str:
        """Do it. Raises ActionRefused where it is not possible."""
        action = next((each for each in self.possible(order) if each.code == code), None)
        if action is None:
            raise ActionRefused("That is no longer possible: the order has changed meanwhile.")
        if action.note_required and not note:
            raise ActionRefused("Write a note: this is only understood with one.")
        try:
            return action.run(order, actor, note)
        except TransitionRefused as refused:
            raise ActionRefused(str(refused)) from refused


registry = ActionRegistry()


def _fulfil(order: Order, actor: User, note: str) -> str:
    services.fulfil(order_id=order.pk, actor=actor, note=note)
    return f"Order {order.number} is marked as sent."


def _note(order: Order, actor: User, note: str) -> str:
    services.record_event(order=order, kind=OrderEvent.Kind.NOTE, message=note, actor=actor)
    return "Your note is in the order's history."


def _resend(order: Order, actor: User, note: str) -> str:
    services.resend_mail(order=order, kind=OrderMail.Kind.CONFIRMATION, actor=actor)
    return f"The confirmation is on its way to {order.email} again."


def _renew_downloads(order: Order, actor: User, note: str) -> str:
    count = downloads.renew(order=order, actor=actor)
    services.resend_mail(order=order, kind=OrderMail.Kind.DOWNLOADS, actor=actor)
    return f"{count} download{'' if count == 1 else 's'} renewed; the new links are on their way to {order.email}."


def register_own_actions() -> None:
    """Called once, when the app is ready."""
    registry.register(
        OrderAction(
            code="fulfil",
            label="Mark as sent",
            explanation="The goods have left. A sent order can no longer be cancelled.",
            is_possible=lambda order: order.status in FULFIL.sources,
            run=_fulfil,
            rank=10,
        )
    )
    registry.register(
        OrderAction(
            code="renew-downloads",
            label="Renew the downloads",
            explanation="New links, counted afresh, go to the buyer. The old ones stop working.",
            is_possible=downloads.can_renew,
            run=_renew_downloads,
            rank=60,
        )
    )
    registry.register(
        OrderAction(
            code="note",
            label="Add a note",
            explanation="Only staff see it.",
            is_possible=lambda order: True,
            run=_note,
            rank=80,
            note_required=True,
        )
    )
    registry.register(
        OrderAction(
            code="resend",
            label="Send the confirmation again",
            explanation="With a fresh link to the order.",
            is_possible=lambda order: order.mails.exists(),
            run=_resend,
            rank=90,
        )
    )
