"""Stock that several lines of a cart want at once: a bundle and what it contains, or two bundles.

Lines are served in the order in which they were put in. A line that takes from nobody else sees its stock as it is.
"""

from collections import Counter
from collections.abc import Mapping

# SKU -> units that one unit of a line takes from stock.
Needs = Mapping[str, int]


class SharedStock:
    """``left`` are the units per SKU that can be sold (None: not counted), those that the visitor holds included."""

    def __init__(self, left: Mapping[str, int | None]) -> None:
        self._left = left
        self._taken: Counter[str] = Counter()

    def fits(self, needs: Needs) -> int | None:
        """How many units of a line can be had beside the lines before it; None: no end to them."""
        return self._most(needs, self._taken)

    def alone(self, needs: Needs) -> int | None:
        """The same without the other lines."""
        return self._most(needs, {})

    def take(self, needs: Needs, quantity: int) -> None:
        """A line gets its units; what comes after sees what is left."""
        for sku, each in needs.items():
            self._taken[sku] += each * quantity

    def _most(self, needs: Needs, taken: Mapping[str, int]) -> int | None:
        found = [
            max(left - taken.get(sku, 0), 0) // each
            for sku, each in needs.items()
            if (left := self._left.get(sku, 0)) is not None
        ]
        return min(found) if found else None
