"""Reading attempts."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shop.checkout.state import CheckoutState
from shop.orders.models import Order
from shop.payments.models import Payment
from shop.payments.statuses import ABANDONABLE


@dataclass(frozen=True, slots=True)
class Placement:
    """An order with the payment that was started for it."""

    order: Order
    payment: Payment


def placement_for(*, key: uuid.UUID) -> Placement | None:
    """The order that an attempt made, if it made one."""
    # The payment carries the attempt's key to the provider, and so back to here.
    payment = Payment.objects.select_related("order").filter(idempotency_key=key).first()
    return Placement(order=payment.order, payment=payment) if payment else None


def held_quantities(session: Mapping[str, Any]) -> dict[str, int]:
    """Units of stock reserved by this visitor's own unfinished payment (registered with the cart's holds)."""
    order = _unfinished(session)
    return order.stock_quantities if order else {}


def unfinished_order(session: Mapping[str, Any]) -> int | None:
    """The order of that payment (registered with the cart's holds)."""
    order = _unfinished(session)
    return order.pk if order else None


def _unfinished(session: Mapping[str, Any]) -> Order | None:
    pending = CheckoutState.peek(session).pending
    if pending is None:
        return None
    return Order.objects.filter(payments__idempotency_key=pending, payments__status__in=ABANDONABLE).first()
