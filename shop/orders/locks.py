"""The only row locks on orders, always taken before a payment's or a stock record's."""

from shop.orders.models import Order


def lock_order(*, order_id: int) -> Order:
    """The order, locked until the transaction ends. Raises Order.DoesNotExist."""
    return Order.objects.select_for_update().get(pk=order_id)
