"""Reading orders."""

from django.db.models import Q, QuerySet

from shop.orders.models import Order, OrderTax
from shop.orders.numbers import as_typed
from shop.orders.statuses import Status


def search_orders(*, orders: QuerySet[Order], query: str) -> QuerySet[Order]:
    """Orders that a person may mean: by number (in any spelling), e-mail address, name, postcode, or SKU."""
    words = query.replace("\x00", "").strip()
    if not words:
        return orders
    found = (
        Q(email__icontains=words)
        | Q(name__icontains=words)
        | Q(postcode__iexact=words)
        | Q(pk__in=Order.objects.filter(lines__sku__iexact=words).values("pk"))
    )
    if number := as_typed(words):
        found |= Q(number__startswith=number)
    return orders.filter(found)


def orders_to_fulfil() -> int:
    """How many paid orders wait to be sent."""
    return Order.objects.filter(status=Status.PAID, held_at=None).count()


def orders_held() -> int:
    """How many open orders wait for somebody to look at them."""
    return Order.objects.filter(held_at__isnull=False, status__in=(Status.AWAITING_PAYMENT, Status.PAID)).count()


def tax_summary(order: Order) -> list[OrderTax]:
    """The order's tax by rate, the highest first, from its own rows; rates without tax are in it, nothing else is."""
    return list(order.taxes.all())
