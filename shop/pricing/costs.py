"""Cost prices: reading and writing them."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from shop.catalog.offers import BATCH
from shop.money import MAX_AMOUNT, exponent
from shop.pricing.models import VariantCost
from shop.pricing.timeline import PriceError


def costs_of(*, variant_ids: Collection[int], currency: str) -> dict[int, int]:
    """The cost of each variant in minor units without tax; those without one in this currency are left out."""
    found: dict[int, int] = {}
    ids = list(variant_ids)
    for start in range(0, len(ids), BATCH):
        rows = VariantCost.objects.filter(variant__in=ids[start : start + BATCH], currency=currency)
        found |= dict(rows.values_list("variant", "amount"))
    return found


def set_cost(*, variant_id: int, amount: int | None, currency: str, user: Any = None) -> None:
    """Say what a variant costs the shop; None: nobody knows. Raises PriceError or MoneyError."""
    set_costs(costs={variant_id: amount}, currency=currency, user=user)


@transaction.atomic
def set_costs(*, costs: Mapping[int, int | None], currency: str, user: Any = None) -> None:
    """The same for many variants by id, in a handful of queries."""
    exponent(currency)
    for amount in costs.values():
        if amount is not None and not 0 <= amount <= MAX_AMOUNT:
            raise PriceError("A cost is at least 0 and at most 13 digits long.")
    gone = [pk for pk, amount in costs.items() if amount is None]
    for start in range(0, len(gone), BATCH):
        VariantCost.objects.filter(variant__in=gone[start : start + BATCH]).delete()
    now = timezone.now()
    VariantCost.objects.bulk_create(
        [
            VariantCost(variant_id=pk, amount=amount, currency=currency, updated_at=now, updated_by=user)
            for pk, amount in sorted(costs.items())
            if amount is not None
        ],
        update_conflicts=True,
        unique_fields=["variant"],
        update_fields=["amount", "currency", "updated_at", "updated_by"],
        batch_size=1_000,
    )
