"""Reading attempts."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shop.checkout.state import CheckoutState
from shop.orders.models import Order, OrderLine
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
    """Units reserved by this visitor's own unfinished payment (registered with the cart's holds)."""
    pending = CheckoutState.peek(session).pending
    if pending is None:
        return {}
    lines = OrderLine.objects.filter(order__payments__idempotency_key=pending, order__payments__status__in=ABANDONABLE)
    return dict(lines.values_list("sku", "quantity"))
