"""What the catalogue needs to know of price and stock, without knowing who keeps them.

Rooms above register one source each (in their ``AppConfig.ready``): pricing tells what a variant costs now,
inventory tells how many there are. Registering twice is refused.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from shop.catalog.models import Variant


@dataclass(frozen=True, slots=True)
class Quote:
    """What one unit costs, tax included, in minor units; ``compare_at`` is the struck-through price, if any."""

    amount: int
    currency: str
    compare_at: int | None = None


@dataclass(frozen=True, slots=True)
class Availability:
    """How many units can be sold now; ``quantity`` is None where stock is not tracked."""

    quantity: int | None

    @property
    def in_stock(self) -> bool:
        return self.quantity is None or self.quantity > 0


SOLD_OUT = Availability(0)


@dataclass(frozen=True, slots=True)
class Offer:
    """A variant with its price and stock at one moment."""

    variant: Variant
    quote: Quote | None
    availability: Availability

    @property
    def buyable(self) -> bool:
        """Whether one unit could go into a cart now."""
        return self.variant.active and self.quote is not None and self.availability.in_stock


# Variant ids -> quote; a variant without a price is left out.
PriceSource = Callable[[Collection[int]], Mapping[int, Quote]]
# Variant ids -> the next moment after now at which the price of any of them changes, or None.
NextChange = Callable[[Collection[int]], datetime | None]
# SKUs -> availability; an unknown SKU is left out.
StockSource = Callable[[Collection[str]], Mapping[str, Availability]]


class AlreadyRegistered(RuntimeError):
    """Two rooms want to be the source of the same truth."""


class OfferRegistry:
    """Where pricing and inventory plug in. Until they do, nothing has a price and nothing is in stock."""

    def __init__(self) -> None:
        self._prices: PriceSource | None = None
        self._next_change: NextChange | None = None
        self._stock: StockSource | None = None

    def register_prices(self, source: PriceSource, *, next_change: NextChange) -> None:
        """Name who knows prices. Raises AlreadyRegistered the second time."""
        if self._prices is not None:
            raise AlreadyRegistered("A price source is registered already.")
        self._prices, self._next_change = source, next_change

    def register_stock(self, source: StockSource) -> None:
        """Name who knows stock. Raises AlreadyRegistered the second time."""
        if self._stock is not None:
            raise AlreadyRegistered("A stock source is registered already.")
        self._stock = source

    def offers(self, variants: Collection[Variant]) -> list[Offer]:
        """One offer per variant, in the order given; two queries whatever their number."""
        quotes = self._prices([variant.pk for variant in variants]) if self._prices and variants else {}
        stock = self._stock([variant.sku for variant in variants]) if self._stock and variants else {}
        return [Offer(variant, quotes.get(variant.pk), stock.get(variant.sku, SOLD_OUT)) for variant in variants]

    def next_price_change(self, variants: Collection[Variant]) -> datetime | None:
        """The next moment at which any of these variants changes its price."""
        return self._next_change([variant.pk for variant in variants]) if self._next_change and variants else None


registry = OfferRegistry()
