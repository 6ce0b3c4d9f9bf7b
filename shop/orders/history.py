"""Writing an order's history: the one way in which its status moves, and every entry beside it."""

from shop.accounts.models import User
from shop.orders.locks import lock_order
from shop.orders.models import Order, OrderEvent
from shop.orders.statuses import Transition, TransitionRefused

EVENT_MESSAGE_LENGTH = 500


def record_event(
    *,
    order: Order,
    kind: str,
    message: str = "",
    from_status: str = "",
    to_status: str = "",
    actor: User | None = None,
) -> OrderEvent:
    """Add an entry to the order's history; a message that is too long is cut."""
    return OrderEvent.objects.create(
        order=order,
        kind=kind,
        from_status=from_status,
        to_status=to_status,
        message=message[:EVENT_MESSAGE_LENGTH],
        actor=actor,
    )


def move(*, order_id: int, transition: Transition, actor: User | None = None, note: str = "") -> Order:
    """Lock the order, check that the transition starts where it stands, move it and say so.

    Raises TransitionRefused; nothing has changed then.
    """
    order = lock_order(order_id=order_id)
    if order.status not in transition.sources:
        raise TransitionRefused(number=order.number, status=order.status, transition=transition)
    source, order.status = order.status, transition.target
    order.save(update_fields=["status", "updated_at"])
    record_event(
        order=order,
        kind=OrderEvent.Kind(transition.name),
        message=note,
        from_status=source,
        to_status=order.status,
        actor=actor,
    )
    return order
