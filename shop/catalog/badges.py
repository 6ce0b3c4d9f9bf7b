"""The words on a product's picture. Always computed from price, stock and date, never typed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from shop.money import reduction

# How long a product counts as new after it was first published.
NEW_FOR = timedelta(days=30)
# A discount below this is too small to shout about, in per cent.
SALE_LEAST = 1


@dataclass(frozen=True, slots=True)
class Badge:
    """``code`` is the kind (and the style), ``label`` what is read."""

    code: str
    label: str


SOLD_OUT = Badge("sold-out", "Sold out")
COMING_SOON = Badge("coming-soon", "Coming soon")
LOW_STOCK = Badge("low-stock", "Low stock")
NEW = Badge("new", "New")


def badges(
    *,
    price: int | None,
    compare_at: int | None,
    available: bool,
    low_stock: bool,
    published: datetime | None,
    now: datetime | None = None,
) -> tuple[Badge, ...]:
    """All that apply, the most useful first. Amounts in minor units.

    What cannot be bought is neither on sale nor low in stock. Nothing is promised above what it is: the percentage is
    rounded down.
    """
    if price is None:
        return (COMING_SOON,)
    if not available:
        return (SOLD_OUT,)
    found = []
    if sale := sale_badge(price, compare_at):
        found.append(sale)
    if low_stock:
        found.append(LOW_STOCK)
    if is_new(published, now):
        found.append(NEW)
    return tuple(found)


def percent_off(price: int, compare_at: int | None) -> int:
    """How much cheaper than the struck-through price, in whole per cent, rounded down; 0 without one."""
    return reduction(price, compare_at) if compare_at else 0


def sale_badge(price: int, compare_at: int | None) -> Badge | None:
    """``−20%``; the plain word where it is less than one per cent; None where nothing is struck through."""
    if not compare_at or compare_at <= price:
        return None
    percent = percent_off(price, compare_at)
    return Badge("sale", f"Sale −{percent}%" if percent >= SALE_LEAST else "Sale")


def is_new(published: datetime | None, now: datetime | None = None) -> bool:
    """Whether a product that was first published at this moment still counts as new."""
    return published is not None and published >= new_since(now)


def new_since(now: datetime | None = None) -> datetime:
    """What was first published from this moment on is new."""
    return (now or timezone.now()) - NEW_FOR
