"""What else happens when an order is placed or given up, in the same transaction.

Rooms above register here: promotions count their uses. Whoever takes part may refuse, and then there is no order.
"""

from collections.abc import Callable
from dataclasses import dataclass

from shop.orders.drafts import OrderDraft
from shop.orders.models import Order

# Called once the order and its lines are stored, before its stock is reserved. May raise PlacementRefused.
Placed = Callable[[Order, OrderDraft], None]
# Called when an order is cancelled or its payment has failed, before its stock goes back; the order is locked.
Released = Callable[[Order], None]


class PlacementRefused(Exception):
    """What the order was made from is no longer true, such as a coupon that somebody else has just used up.

    The transaction has to be rolled back. Pricing the cart again shows the buyer what is true now.
    """


class AlreadyRegistered(RuntimeError):
    """Two participants have the same code."""


@dataclass(frozen=True, slots=True)
class Participant:
    """One room's share."""

    placed: Placed
    released: Released


class ParticipantRegistry:
    """The participants, always called in the order of their codes, so that their locks are, too."""

    def __init__(self) -> None:
        self._participants: dict[str, Participant] = {}

    def register(self, code: str, *, placed: Placed, released: Released) -> None:
        """Take part. Raises AlreadyRegistered for a code that is taken."""
        if code in self._participants:
            raise AlreadyRegistered(f"A participant {code!r} is registered already.")
        self._participants[code] = Participant(placed, released)

    def placed(self, order: Order, draft: OrderDraft) -> None:
        """An order is being placed. Raises PlacementRefused."""
        for _, participant in sorted(self._participants.items()):
            participant.placed(order, draft)

    def released(self, order: Order) -> None:
        """An order is given up."""
        for _, participant in sorted(self._participants.items()):
            participant.released(order)


registry = ParticipantRegistry()
