"""The order's lock covers its payments and their refunds: whoever writes one of them holds it.

There are no row locks of their own, so that nothing can be locked in two orders.
"""

from shop.orders.locks import lock_order
from shop.orders.models import Order
from shop.payments.models import Payment, Refund
from shop.payments.statuses import PaymentStatus


def lock_payment(*, payment_id: int) -> tuple[Order, Payment]:
    """The payment with its order, locked until the transaction ends. Raises Payment.DoesNotExist."""
    order_id = Payment.objects.values_list("order_id", flat=True).get(pk=payment_id)
    order = lock_order(order_id=order_id)
    # Read under the lock: before it, somebody else may have been writing.
    payment = Payment.objects.get(pk=payment_id)
    payment.order = order
    return order, payment


def captured_payments(*, order: Order) -> list[Payment]:
    """The payments of a locked order that hold money for it."""
    return list(order.payments.filter(status=PaymentStatus.CAPTURED).order_by("pk"))


def lock_refund(*, refund_id: int) -> tuple[Order, Payment, Refund]:
    """The refund with its payment and order, locked until the transaction ends. Raises Refund.DoesNotExist."""
    payment_id = Refund.objects.values_list("payment_id", flat=True).get(pk=refund_id)
    order, payment = lock_payment(payment_id=payment_id)
    refund = Refund.objects.get(pk=refund_id)
    refund.payment = payment
    return order, payment, refund
