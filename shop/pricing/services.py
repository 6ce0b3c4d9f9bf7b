"""Writing prices: always a new row, never a changed one."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from shop.catalog import listing
from shop.catalog.models import Variant
from shop.catalog.offers import BATCH
from shop.money import MAX_AMOUNT, exponent
from shop.pricing.models import Price
from shop.pricing.selectors import current_quotes, price_at


class PriceError(ValueError):
    """A price that may not be; the message says why."""


@dataclass(frozen=True, slots=True)
class NewPrice:
    """What a variant is to cost, in minor units with tax included."""

    variant_id: int
    amount: int
    currency: str
    compare_at: int | None = None


def validate_price(*, amount: int, compare_at: int | None, currency: str) -> None:
    """Raises PriceError (or MoneyError for an unknown currency) where a price may not be stored."""
    exponent(currency)
    if not 0 <= amount <= MAX_AMOUNT:
        raise PriceError("A price is at least 0 and at most 13 digits long.")
    if compare_at is not None and not amount < compare_at <= MAX_AMOUNT:
        raise PriceError("The compare-at price must be higher than the price.")


@transaction.atomic
def set_price(
    *,
    variant: Variant,
    amount: int,
    currency: str,
    compare_at: int | None = None,
    valid_from: datetime | None = None,
    user: Any = None,
    reason: str = "",
) -> Price:
    """Make a variant cost ``amount`` minor units from a moment on (default: now).

    Appends a row if that differs from what would hold at that moment; gives the holding row otherwise.
    Raises PriceError or MoneyError.
    """
    validate_price(amount=amount, compare_at=compare_at, currency=currency)
    moment = valid_from or timezone.now()
    holding = price_at(variant=variant, at=moment)
    if holding and (holding.amount, holding.compare_at, holding.currency) == (amount, compare_at, currency):
        return holding
    price = Price.objects.create(
        variant=variant,
        amount=amount,
        compare_at=compare_at,
        currency=currency,
        valid_from=moment,
        created_by=user,
        reason=reason,
    )
    _refresh_listing([variant.product_id])
    return price


@transaction.atomic
def set_prices(*, prices: Collection[NewPrice], user: Any = None, reason: str = "", refresh: bool = True) -> int:
    """Set many prices from now on with a handful of queries; gives how many differed and were appended.

    ``refresh=False`` leaves the listing rows to the caller. Raises PriceError or MoneyError before anything is written.
    """
    for price in prices:
        validate_price(amount=price.amount, compare_at=price.compare_at, currency=price.currency)
    now = timezone.now()
    holding = current_quotes([price.variant_id for price in prices], at=now)
    rows = [
        Price(
            variant_id=price.variant_id,
            amount=price.amount,
            compare_at=price.compare_at,
            currency=price.currency,
            valid_from=now,
            created_by=user,
            reason=reason,
        )
        for price in prices
        if (quote := holding.get(price.variant_id)) is None
        or (quote.amount, quote.compare_at, quote.currency) != (price.amount, price.compare_at, price.currency)
    ]
    Price.objects.bulk_create(rows, batch_size=1_000)
    if refresh and rows:
        products: set[int] = set()
        for start in range(0, len(rows), BATCH):
            batch = Variant.objects.filter(pk__in=[row.variant_id for row in rows[start : start + BATCH]])
            products |= set(batch.values_list("product_id", flat=True))
        _refresh_listing(sorted(products))
    return len(rows)


def _refresh_listing(product_ids: Iterable[int]) -> None:
    """After the commit, so that no row of a listing is locked while the caller still takes other locks."""
    transaction.on_commit(partial(listing.refresh, list(product_ids)))
