"""Which products have changed since an index was last brought up to date."""

from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic

from django.db.models import Max, Q
from django.utils import timezone

from shop.catalog.models import CatalogueChange

# With more changed products an index is built anew.
PRODUCTS_MOST = 2_000
# Changes read at once; more of them and the index is built anew.
ROWS_MOST = 5_000
KEEP = timedelta(days=1)
# A transaction may commit after later ones have: its number is awaited for so many seconds.
AWAIT = 900
# How far back an index that was just built looks for such transactions.
LOOK_BACK = 200
AWAITED_MOST = 2_000


@dataclass(slots=True)
class Changes:
    """``everything``: too much has changed to name it."""

    products: set[int] = field(default_factory=set)
    tree: bool = False
    everything: bool = False


class Position:
    """How far one index has read. Not thread-safe: its owner holds a lock."""

    def __init__(self) -> None:
        """At the present end. Must be made before the products are read."""
        self._last = CatalogueChange.objects.aggregate(last=Max("pk"))["last"] or 0
        first = max(1, self._last - LOOK_BACK)
        there = set(CatalogueChange.objects.filter(pk__gte=first).values_list("pk", flat=True))
        now = monotonic()
        # Numbers that were taken by transactions which are still running, or were rolled back.
        self._awaited = {number: now for number in range(first, self._last) if number not in there}

    def read(self) -> Changes | None:
        """What has been committed since the last call, or None for nothing; one query."""
        new = Q(pk__gt=self._last)
        if self._awaited:
            new |= Q(pk__in=list(self._awaited))
        rows = list(
            CatalogueChange.objects.filter(new).order_by("pk").values_list("pk", "products", "tree")[: ROWS_MOST + 1]
        )
        now = monotonic()
        self._awaited = {number: since for number, since in self._awaited.items() if now - since < AWAIT}
        if not rows:
            return None
        found = Changes(everything=len(rows) > ROWS_MOST)
        for number, products, tree in rows:
            if number > self._last:
                gap = range(self._last + 1, number)
                self._awaited |= dict.fromkeys(gap[-AWAITED_MOST:], now)
                self._last = number
            else:
                self._awaited.pop(number, None)
            if products is None:
                found.everything = True
            else:
                found.products.update(products)
            found.tree |= tree
        found.everything |= len(found.products) > PRODUCTS_MOST or len(self._awaited) > AWAITED_MOST
        return found


def forget_old_changes() -> int:
    """Delete what every index has read or is too old for; gives how many."""
    return CatalogueChange.objects.filter(at__lt=timezone.now() - KEEP).delete()[0]
