"""The only row locks of this room, always taken in this order: an order (before a payment or stock), then a series."""

from shop.orders.models import DocumentSeries, Order


def lock_order(*, order_id: int) -> Order:
    """The order, locked until the transaction ends. Raises Order.DoesNotExist."""
    return Order.objects.select_for_update().get(pk=order_id)


def lock_series(*, kind: str) -> DocumentSeries:
    """A series of numbers, locked until the transaction ends; the first asker makes it."""
    DocumentSeries.objects.get_or_create(kind=kind)
    return DocumentSeries.objects.select_for_update().get(kind=kind)
