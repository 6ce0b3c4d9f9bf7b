"""What is added to a cart, or told about it: delivery, included VAT, later promotions.

The rooms above register one adjuster each in their ``AppConfig.ready``. They run by rank, and each sees what those
before it have made: delivery comes before tax, which looks into it.
"""

from collections.abc import Callable
from dataclasses import replace

from shop.cart.contents import Adjustment, Cart

# The cart so far -> what to add to it.
Adjuster = Callable[[Cart], list[Adjustment]]

RANK_DELIVERY = 50
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
            cart = replace(cart, adjustments=(*cart.adjustments, *adjuster(cart)))
        return cart


registry = AdjusterRegistry()
