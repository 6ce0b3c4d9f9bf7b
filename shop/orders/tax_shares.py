"""What of an order was paid at which tax rate."""

from collections import Counter

from shop.orders.models import Order
from shop.orders.selectors import tax_summary


def delivery_by_rate(order: Order) -> dict[int, int]:
    """What was paid for delivery by rate (basis points): what the order has at each beside its lines. Minor units."""
    rest = Counter({row.rate: row.net + row.tax for row in tax_summary(order)})
    for line in order.lines.all():
        rest[line.tax_rate] -= line.line_total
    return {rate: amount for rate, amount in rest.items() if amount > 0}
