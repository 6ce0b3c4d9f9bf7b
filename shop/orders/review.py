"""Orders at which somebody should look before they are sent: held with the reasons, released by staff.

Being held is no state of its own: the order is paid, cancelled and refunded like any other. It cannot be sent, and its
downloads are not granted, until it is released.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from shop.accounts.models import User
from shop.orders import downloads, fulfilment
from shop.orders.history import record_event
from shop.orders.letters import request_mail
from shop.orders.locks import lock_order
from shop.orders.models import Order, OrderEvent, OrderMail
from shop.orders.statuses import OrderRefused, Status

REASONS_LENGTH = 500


def hold(*, order: Order, reasons: Sequence[str]) -> None:
    """Hold an order that is just being placed, or paid; part of the caller's transaction, which has its lock."""
    order.held_at, order.held_for = timezone.now(), " ".join(filter(None, reasons))[:REASONS_LENGTH]
    order.save(update_fields=["held_at", "held_for", "updated_at"])
    record_event(order=order, kind=OrderEvent.Kind.HOLD, message=order.held_for)


@transaction.atomic
def release(*, order_id: int, actor: User, note: str = "") -> Order:
    """Somebody has looked and found nothing wrong. Raises OrderRefused where the order is not held."""
    order = lock_order(order_id=order_id)
    if order.held_at is None:
        raise OrderRefused(f"Order {order.number} is not held, or somebody has released it already.")
    order.held_at = None
    order.save(update_fields=["held_at", "updated_at"])
    record_event(order=order, kind=OrderEvent.Kind.RELEASE, message=note, actor=actor)
    if order.status == Status.PAID:
        if downloads.grant(order=order):
            request_mail(order=order, kind=OrderMail.Kind.DOWNLOADS)
        fulfilment.finish_if_sent(order=order, note="Nothing has to be sent: it is all downloads.")
    return order
