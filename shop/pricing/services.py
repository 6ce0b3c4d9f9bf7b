"""Writing prices: always a new row, never a changed one."""

from collections.abc import Collection, Iterable, Sequence
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
from shop.pricing.locks import lock_priced
from shop.pricing.models import Price
from shop.pricing.prior import PRIOR_PERIOD
from shop.pricing.selectors import histories
from shop.pricing.timeline import Change, PriceError, place

__all__ = ["NewPrice", "PriceError", "SaleRefused", "set_price", "set_prices", "validate_price"]


@dataclass(frozen=True, slots=True)
class NewPrice:
    """What a variant is to cost, in minor units with tax included."""

    variant_id: int
    amount: int
    currency: str
    compare_at: int | None = None


class SaleRefused(PriceError):
    """A price does not fit among those that come before and after it; ``variant_id`` says whose."""

    def __init__(self, message: str, variant_id: int) -> None:
        super().__init__(message)
        self.variant_id = variant_id


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
    valid_to: datetime | None = None,
    user: Any = None,
    reason: str = "",
) -> Price:
    """Make a variant cost ``amount`` minor units from a moment on (default: now).

    With ``valid_to`` it is a sale: at that moment the price is again what it was before. Appends rows if the price
    differs from what would hold at that moment; gives the holding row otherwise. Raises PriceError or MoneyError.
    """
    price = NewPrice(variant.pk, amount, currency, compare_at)
    validate_price(amount=amount, compare_at=compare_at, currency=currency)
    moment = valid_from or timezone.now()
    written = _append([price], valid_from=moment, valid_to=valid_to, user=user, reason=reason)
    if not written:
        [rows] = histories(variant_ids=[variant.pk], since=moment).values()
        return [row for row in rows if row.valid_from <= moment][-1]
    _refresh_listing([variant.product_id])
    return written[0].price


@transaction.atomic
def set_prices(
    *,
    prices: Collection[NewPrice],
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
    user: Any = None,
    reason: str = "",
    refresh: bool = True,
    refused: dict[int, str] | None = None,
) -> int:
    """Set many prices from a moment on (default: now) with a handful of queries; gives how many differed.

    ``valid_to`` as in ``set_price``. ``refresh=False`` leaves the listing rows to the caller. Raises PriceError or
    MoneyError before anything is written; a SaleRefused among them names the variant. With ``refused`` those are
    left out instead, and named in it with the reason.
    """
    for price in prices:
        validate_price(amount=price.amount, compare_at=price.compare_at, currency=price.currency)
    moment = valid_from or timezone.now()
    written: list[Change] = []
    ordered = list({price.variant_id: price for price in prices}.values())
    for start in range(0, len(ordered), BATCH):
        batch = ordered[start : start + BATCH]
        written += _append(batch, valid_from=moment, valid_to=valid_to, user=user, reason=reason, refused=refused)
    if refresh and written:
        products: set[int] = set()
        for start in range(0, len(written), BATCH):
            ids = [change.price.variant_id for change in written[start : start + BATCH]]
            products |= set(Variant.objects.filter(pk__in=ids).values_list("product_id", flat=True))
        _refresh_listing(sorted(products))
    return len(written)


def _append(
    prices: Sequence[NewPrice],
    *,
    valid_from: datetime,
    valid_to: datetime | None,
    user: Any,
    reason: str,
    refused: dict[int, str] | None = None,
) -> list[Change]:
    """Write what differs from what would hold at that moment, at most ``BATCH`` variants at once."""
    lock_priced([price.variant_id for price in prices])
    known = histories(variant_ids=[price.variant_id for price in prices], since=valid_from - PRIOR_PERIOD)
    changes = []
    for price in prices:
        row = Price(
            variant_id=price.variant_id,
            amount=price.amount,
            compare_at=price.compare_at,
            currency=price.currency,
            valid_from=valid_from,
            created_by=user,
            reason=reason,
        )
        try:
            change = place(known.get(price.variant_id, []), row, valid_to)
        except PriceError as error:
            if refused is None:
                raise SaleRefused(str(error), price.variant_id) from error
            refused[price.variant_id] = str(error)
            continue
        if change:
            changes.append(change)
    Price.objects.bulk_create([change.price for change in changes], batch_size=1_000)
    # The ends of sales refer to the rows before, which have keys only now.
    Price.objects.bulk_create([row for change in changes for row in change.follow], batch_size=1_000)
    settled = [row for change in changes for row in change.settled]
    Price.objects.bulk_update(settled, ["lowest_before"], batch_size=1_000)
    return changes


def _refresh_listing(product_ids: Iterable[int]) -> None:
    """After the commit, so that no row of a listing is locked while the caller still takes other locks."""
    transaction.on_commit(partial(listing.refresh, list(product_ids)))
