"""Units that this visitor holds already, in a payment that is not finished.

Someone who comes back from the bank's page with the last unit reserved must not read that it is sold out. The room
above registers who knows; registering twice is refused.
"""

from collections.abc import Callable, Mapping
from typing import Any

# Session -> units per SKU.
HoldSource = Callable[[Mapping[str, Any]], Mapping[str, int]]
# Session -> the order of that payment, by its primary key.
OrderSource = Callable[[Mapping[str, Any]], int | None]


class AlreadyRegistered(RuntimeError):
    """Two rooms want to tell what is held."""


class HoldRegistry:
    """Where the checkout plugs in. Until it does, nobody holds anything."""

    def __init__(self) -> None:
        self._source: HoldSource | None = None
        self._order: OrderSource | None = None

    def register(self, source: HoldSource, *, order: OrderSource | None = None) -> None:
        """Name who knows. Raises AlreadyRegistered the second time."""
        if self._source is not None:
            raise AlreadyRegistered("A source of held units is registered already.")
        self._source, self._order = source, order

    def order(self, session: Mapping[str, Any]) -> int | None:
        """The order that this visitor gives up by checking out anew."""
        return self._order(session) if self._order else None

    def held(self, session: Mapping[str, Any]) -> Mapping[str, int]:
        """Units that come free for this visitor when checking out anew."""
        return self._source(session) if self._source else {}


registry = HoldRegistry()
