"""What the catalogue needs to know of price and stock, without knowing who keeps them.

Rooms above register one source each (in their ``AppConfig.ready``): pricing tells what a variant costs now,
inventory tells how many there are. A source answers with an SQL expression over ``Variant``, so that variants, prices
and stock come in one query. A second source for one truth is refused.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import (
    BigIntegerField,
    Case,
    DateTimeField,
    Exists,
    F,
    JSONField,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.formats import date_format

from shop.catalog.models import BundleComponent, Variant

OFFER_COLUMNS = ("offer_quote", "offer_stock", "offer_bundle")
# Rows asked for at once: SQLite has a limit on the parameters of one statement.
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Quote:
    """What one unit costs, as the shop prices it, in minor units; ``compare_at`` is struck through, if any."""

    amount: int
    currency: str
    compare_at: int | None = None


@dataclass(frozen=True, slots=True)
class Availability:
    """How many units can be sold now; ``quantity`` is None where stock is not tracked.

    ``here`` says how many of them are there, None for all: the others are sold before they come, on ``expected_on``
    if that day is known.
    """

    quantity: int | None
    here: int | None = None
    expected_on: date | None = None

    @property
    def in_stock(self) -> bool:
        return self.quantity is None or self.quantity > 0

    @property
    def later(self) -> bool:
        """Whether it can be bought, and none is here."""
        return self.in_stock and self.here == 0

    @property
    def expected(self) -> date | None:
        """The day on which more come, unless that has passed."""
        return self.expected_on if self.expected_on and self.expected_on > timezone.localdate() else None

    @property
    def is_preorder(self) -> bool:
        """Whether buying it now is waiting for a day that is known."""
        return self.later and self.expected is not None

    def wait_text(self, quantity: int = 1) -> str:
        """What somebody reads who buys so many; empty where all of them are here."""
        if self.here is None or quantity <= self.here:
            return ""
        when = f"expected on {date_format(self.expected, 'j F Y')}" if self.expected else "on order"
        if self.here == 0:
            return f"{when[:1].upper()}{when[1:]}. We send it as soon as it is here."
        return f"{self.here} {'is' if self.here == 1 else 'are'} here, the others are {when}."


SOLD_OUT = Availability(0)


@dataclass(frozen=True, slots=True)
class Offer:
    """A variant with its price and stock at one moment."""

    variant: Variant
    quote: Quote | None
    availability: Availability
    # When the price changes next, where that is known and was asked for.
    price_until: datetime | None = None
    # Whether it consists of other SKUs (see ``bundles``); its availability is then that of the scarcest of them.
    is_bundle: bool = False

    @property
    def buyable(self) -> bool:
        """Whether one unit could go into a cart now."""
        return self.variant.active and self.quote is not None and self.availability.in_stock

    @property
    def reason(self) -> str:
        """Why it cannot be bought, in the shopper's words; empty where it can."""
        if not self.variant.active:
            return "No longer sold"
        if self.quote is None:
            return "Not for sale yet"
        return "" if self.availability.in_stock else "Sold out"


class PriceSource(NamedTuple):
    """Who knows prices. Both expressions are correlated to ``Variant`` and evaluated at the moment given."""

    # JSON that ``decode`` reads, or null for a variant without a price.
    expression: Callable[[datetime], Combinable]
    decode: Callable[[Any], Quote | None]
    # When a variant's price changes next, or null.
    next_change: Callable[[datetime], Combinable]


class StockSource(NamedTuple):
    """Who knows stock. ``decode`` gets null for a SKU that has no stock record."""

    expression: Callable[[], Combinable]
    decode: Callable[[Any], Availability]
    # The sellable units of the SKU in the outer row's ``sku``: null where stock is not tracked, 0 without a record.
    units: Callable[[], Combinable]
    # The same without those that have still to come.
    units_here: Callable[[], Combinable]
    # Moves the stock record of a SKU to its new name; raises ValueError with the reason where it may not.
    rename: Callable[[str, str], None]


class AlreadyRegistered(RuntimeError):
    """Two rooms want to be the source of the same truth."""


class OfferRegistry:
    """Where pricing and inventory plug in. Until they do, nothing has a price and nothing is in stock."""

    def __init__(self) -> None:
        self._prices: PriceSource | None = None
        self._stock: StockSource | None = None

    def register_prices(self, source: PriceSource) -> None:
        """Name who knows prices. Raises AlreadyRegistered for a second source."""
        if self._prices not in (None, source):
            raise AlreadyRegistered("A price source is registered already.")
        self._prices = source

    def register_stock(self, source: StockSource) -> None:
        """Name who knows stock. Raises AlreadyRegistered for a second source."""
        if self._stock not in (None, source):
            raise AlreadyRegistered("A stock source is registered already.")
        self._stock = source

    def annotate(self, variants: "QuerySet[Variant]") -> "QuerySet[Any]":
        """The queryset with what ``offer`` needs to read from each row."""
        nothing = Value(None, output_field=JSONField())
        return variants.annotate(
            offer_quote=self._prices.expression(timezone.now()) if self._prices else nothing,
            offer_stock=self._stock.expression() if self._stock else nothing,
            offer_bundle=self._bundle_expression(self._stock) if self._stock else nothing,
        )

    def offer(self, variant: Any) -> Offer:
        """The offer of a variant that came from ``annotate``, perhaps from ``next_price_changes`` as well."""
        found = self._offer(variant, variant.offer_quote, variant.offer_stock, variant.offer_bundle)
        return replace(found, price_until=getattr(variant, "price_changes_at", None))

    def offers(self, variants: Collection[Variant]) -> list[Offer]:
        """One offer per variant, in the order given; one query for up to 2,000 of them."""
        found: dict[int, tuple[Any, Any, Any]] = {}
        ids = [variant.pk for variant in variants]
        for start in range(0, len(ids), BATCH):
            rows = self.annotate(Variant.objects.filter(pk__in=ids[start : start + BATCH])).order_by()
            found |= {pk: tuple(facts) for pk, *facts in rows.values_list("pk", *OFFER_COLUMNS)}
        return [self._offer(variant, *found.get(variant.pk, (None, None, None))) for variant in variants]

    def next_price_changes(self, variants: "QuerySet[Variant]") -> "QuerySet[Any]":
        """The queryset annotated with ``price_changes_at``, the next moment at which the variant's price changes."""
        never = Value(None, output_field=DateTimeField())
        return variants.annotate(price_changes_at=self._prices.next_change(timezone.now()) if self._prices else never)

    def rename_sku(self, old: str, new: str) -> None:
        """Let stock follow a SKU to its new name. Raises ValueError with the reason where it may not."""
        if self._stock is not None:
            self._stock.rename(old, new)

    @staticmethod
    def _bundle_expression(stock: StockSource) -> Subquery:
        """SQL for how many of a bundle its components make, ``{"left": 3, "here": 3}``; null for what is no bundle."""
        download = Exists(Variant.objects.filter(sku=OuterRef("sku"), digital=True))
        units, here = (
            Case(When(download, then=None), default=source(), output_field=BigIntegerField())
            for source in (stock.units, stock.units_here)
        )
        parts = BundleComponent.objects.filter(bundle=OuterRef("pk")).order_by().annotate(units=units, here=here)
        least = JSONObject(left=Min(F("units") / F("quantity")), here=Min(F("here") / F("quantity")))
        return Subquery(parts.values("bundle").annotate(found=least).values("found")[:1])

    def _offer(self, variant: Variant, quote: Any, stock: Any, bundle: Any) -> Offer:
        if variant.digital:
            availability = Availability(None)
        else:
            availability = self._availability(stock) if bundle is None else _of_bundle(**bundle)
        return Offer(variant, self._quote(quote), availability, is_bundle=bundle is not None)

    def _quote(self, value: Any) -> Quote | None:
        return self._prices.decode(value) if self._prices else None

    def _availability(self, value: Any) -> Availability:
        return self._stock.decode(value) if self._stock else SOLD_OUT


def _of_bundle(left: int | None, here: int | None) -> Availability:
    return Availability(left, None if here == left else here)


registry = OfferRegistry()
