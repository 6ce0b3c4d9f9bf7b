"""A product as listings, rails and search results show it."""

from dataclasses import dataclass
from datetime import datetime

from shop.catalog.badges import Badge, badges
from shop.catalog.thumbnails import ThumbnailData
from shop.money import format_money


@dataclass(frozen=True, slots=True)
class Card:
    """Amounts are minor units, tax included; ``price`` is None for a product that is not for sale yet."""

    pk: int
    title: str
    url: str
    summary: str
    brand: str
    price: int | None
    price_highest: int | None
    compare_at: int | None
    currency: str
    available: bool
    thumbnail: ThumbnailData | None
    published: datetime | None = None
    # Hundredths of a star, 100 to 500; None without reviews.
    rating: int | None = None
    reviews: int = 0
    low_stock: bool = False

    @property
    def price_text(self) -> str:
        """The lowest price as a person reads it; empty without one."""
        return "" if self.price is None else format_money(self.price, self.currency)

    @property
    def compare_at_text(self) -> str:
        """The struck-through price; empty without one."""
        return "" if self.compare_at is None else format_money(self.compare_at, self.currency)

    @property
    def from_price(self) -> bool:
        """Whether other variants cost more, so that the price reads "from"."""
        return self.price != self.price_highest

    @property
    def badges(self) -> tuple[Badge, ...]:
        """What stands on the picture, the most useful first."""
        return badges(
            price=self.price,
            compare_at=self.compare_at,
            available=self.available,
            low_stock=self.low_stock,
            published=self.published,
        )

    @property
    def on_sale(self) -> bool:
        return self.compare_at is not None
