"""The only row locks on payments. The order's lock comes first, so that two of them never wait for each other."""

from shop.orders.locks import lock_order
from shop.orders.models import Order
from shop.payments.models import Payment


def lock_payment(*, payment_id: int) -> tuple[Order, Payment]:
    """The payment and its order, locked until the transaction ends. Raises Payment.DoesNotExist."""
    order_id = Payment.objects.values_list("order_id", flat=True).get(pk=payment_id)
    order = lock_order(order_id=order_id)
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    payment.order = order
    return order, payment
