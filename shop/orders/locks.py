"""The row locks of this room, always taken in this order: customer, order (before a payment or stock), series."""

from shop.accounts.models import User
from shop.orders.models import DocumentSeries, Order
from shop.orders.participants import PlacementRefused


def keep_customer(customer: User | None) -> None:
    """Have whoever erases the account wait until the transaction ends. Raises PlacementRefused where it is gone.

    The order's foreign key alone would not: the database looks at it only when the transaction is committed.
    """
    if customer and not User.objects.select_for_update(no_key=True).filter(pk=customer.pk).exists():
        raise PlacementRefused("The account that orders has just been erased.")


def lock_order(*, order_id: int) -> Order:
    """The order, locked until the transaction ends. Raises Order.DoesNotExist."""
    return Order.objects.select_for_update().get(pk=order_id)


def lock_series(*, kind: str) -> DocumentSeries:
    """A series of numbers, locked until the transaction ends; the first asker makes it."""
    DocumentSeries.objects.get_or_create(kind=kind)
    return DocumentSeries.objects.select_for_update().get(kind=kind)
