"""Units of an order that go back to the shelf, each with a line in the stock ledger."""

from collections import Counter
from collections.abc import Iterable

from shop.accounts.models import User
from shop.inventory import services as inventory
from shop.inventory.locks import lock_items
from shop.orders.models import Order, OrderLine


def put_back(*, order: Order, units: Iterable[tuple[OrderLine, int]], reason: str, actor: User | None) -> None:
    """Put units of lines back into stock, of bundles their components; part of the caller's transaction.

    The caller holds the order's lock and has counted the units on the lines.
    """
    quantities: Counter[str] = Counter()
    for line, count in units:
        quantities.update(line.stock_of(count))
    # All at once and in the one order, before the first row changes: see ``inventory.locks``.
    lock_items(quantities)
    for sku, quantity in sorted(quantities.items()):
        inventory.adjust(
            sku=sku,
            quantity=quantity,
            kind=inventory.Kind.RETURN,
            reason=reason,
            reference=order.number,
            user=actor,
        )
