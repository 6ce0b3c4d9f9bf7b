"""The actions of this room: sending, returns, letters, notes."""

from shop.accounts.models import User
from shop.orders import downloads, review, services
from shop.orders.action_forms import ReturnForm, SendForm, SendLetterForm, WithdrawForm
from shop.orders.actions import OrderAction, registry
from shop.orders.models import Order, OrderEvent, OrderMail
from shop.orders.statuses import FULFIL, PAY


def _note(order: Order, actor: User, note: str) -> str:
    services.record_event(order=order, kind=OrderEvent.Kind.NOTE, message=note, actor=actor)
    return "Your note is in the order's history."


def _renew_downloads(order: Order, actor: User, note: str) -> str:
    count = downloads.renew(order=order, actor=actor)
    services.resend_mail(order=order, kind=OrderMail.Kind.DOWNLOADS, actor=actor)
    return f"{count} download{'' if count == 1 else 's'} renewed; the new links are on their way to {order.email}."


def _is_open(order: Order) -> bool:
    return order.status in FULFIL.sources


def _can_be_sent(order: Order) -> bool:
    return _is_open(order) and order.held_at is None


def _release(order: Order, actor: User, note: str) -> str:
    review.release(order_id=order.pk, actor=actor, note=note)
    return f"Order {order.number} is released and can be sent."


ACTIONS = (
    OrderAction(
        code="release",
        label="Release",
        explanation="You have looked at why it is held, and it may be sent. To turn it down, cancel it.",
        permission="release",
        is_possible=lambda order: order.held_at is not None and order.status in (*FULFIL.sources, *PAY.sources),
        run=_release,
        rank=5,
    ),
    OrderAction(
        code="fulfil",
        label="Send goods",
        explanation="All of it or a part has left. The buyer gets a letter with the tracking link.",
        collected=(
            "Ready to collect",
            "All of it or a part lies ready. The buyer gets a letter that says where to collect it.",
        ),
        permission="fulfil",
        is_possible=_can_be_sent,
        form=SendForm,
        rank=10,
    ),
    OrderAction(
        code="return",
        label="Register a return",
        explanation="The buyer sends something back, or it came back to you.",
        permission="return",
        is_possible=lambda order: any(line.returnable for line in order.lines.all()),
        form=ReturnForm,
        rank=30,
    ),
    OrderAction(
        code="withdraw",
        label="Take units off",
        explanation="Something will not be sent: it is missing, or the buyer no longer wants it.",
        permission="return",
        is_possible=lambda order: _is_open(order) and order.units_to_send > 0,
        form=WithdrawForm,
        rank=40,
    ),
    OrderAction(
        code="renew-downloads",
        label="Renew the downloads",
        explanation="New links, counted afresh, go to the buyer. The old ones stop working.",
        permission="mail",
        is_possible=downloads.can_renew,
        run=_renew_downloads,
        rank=60,
    ),
    OrderAction(
        code="note",
        label="Add a note",
        explanation="Only staff see it.",
        permission="note",
        is_possible=lambda order: True,
        run=_note,
        rank=80,
        note_required=True,
    ),
    OrderAction(
        code="resend",
        label="Send a letter again",
        explanation="Any letter of this order, with a fresh link.",
        permission="mail",
        is_possible=lambda order: order.mails.exists(),
        form=SendLetterForm,
        rank=90,
    ),
)


def register_own_actions() -> None:
    """Called once, when the app is ready."""
    for action in ACTIONS:
        registry.register(action)
