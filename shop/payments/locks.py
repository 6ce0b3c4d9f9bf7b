"""The only row locks on payments. The order's lock comes first, so that two of them never wait for each other."""

from shop.orders.locks import lock_order
from shop.orders.models import Order
from shop.payments.models import Payment, Refund
from shop.payments.statuses import PaymentStatus


def lock_payment(*, payment_id: int) -> tuple[Order, Payment]:
    """The payment and its order, locked until the transaction ends. Raises Payment.DoesNotExist."""
    order_id = Payment.objects.values_list("order_id", flat=True).get(pk=payment_id)
    order = lock_order(order_id=order_id)
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    payment.order = order
    return order, payment


def lock_captured(*, order: Order) -> list[Payment]:
    """The payments of a locked order that hold money for it, locked too."""
    paid = order.payments.select_for_update().filter(status=PaymentStatus.CAPTURED).order_by("pk")
    return list(paid)


def lock_refund(*, refund_id: int) -> tuple[Order, Payment, Refund]:
    """The refund with its payment and order, locked until the transaction ends. Raises Refund.DoesNotExist."""
    payment_id = Refund.objects.values_list("payment_id", flat=True).get(pk=refund_id)
    order, payment = lock_payment(payment_id=payment_id)
    refund = Refund.objects.select_for_update().get(pk=refund_id)
    refund.payment = payment
    return order, payment, refund
