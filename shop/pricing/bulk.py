"""First prices of many new variants at once."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from shop.pricing.models import Price
from shop.pricing.services import NewPrice, validate_price


def open_prices(*, prices: Sequence[NewPrice], user: Any = None, reason: str = "") -> None:
    """Give variants that have no price yet one from now on; the listing rows are left to the caller.

    Raises PriceError or MoneyError before anything is written.
    """
    for price in prices:
        validate_price(amount=price.amount, compare_at=price.compare_at, currency=price.currency)
    now = timezone.now()
    Price.objects.bulk_create(
        [
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
        ]
    )
