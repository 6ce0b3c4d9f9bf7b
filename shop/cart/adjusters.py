"""What is added to a cart, taken off it, or told about it: promotions, delivery, VAT.

The rooms above register their adjusters in ``AppConfig.ready``. They run by rank, and each gets the cart as those
before it have left it: delivery looks at discounted goods, tax at everything. ``Cart`` has the methods to change one.
"""

from collections.abc import Callable

from shop.cart.contents import Cart

# The cart so far -> the cart with its share of changes.
Adjuster = Callable[[Cart], Cart]

RANK_DISCOUNTS = 30
RANK_DELIVERY = 50
RANK_DELIVERY_DISCOUNTS = 60
RANK_TAX = 90


class AlreadyRegistered(RuntimeError):
    """Two adjusters have the same code."""


class AdjusterRegistry:
    """The adjusters, in the order in which they run."""

    def __init__(self) -> None:
        self._adjusters: dict[str, tuple[int, Adjuster]] = {}

    def register(self, code: str, adjuster: Adjuster, *, rank: int) -> None:
        """Add an adjuster; lower ranks run first. Raises AlreadyRegistered for a code that is taken."""
        if code in self._adjusters:
            raise AlreadyRegistered(f"An adjuster {code!r} is registered already.")
        self._adjusters[code] = (rank, adjuster)

    def adjust(self, cart: Cart) -> Cart:
        """The cart with all adjustments. An empty cart has none."""
        if cart.is_empty:
            return cart
        for _, (_, adjuster) in sorted(self._adjusters.items(), key=lambda item: (item[1][0], item[0])):
            cart = adjuster(cart)
        return cart


registry = AdjusterRegistry()
