"""Reading prices."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from shop.catalog.models import Variant
from shop.catalog.offers import BATCH, Quote
from shop.pricing.models import Price

# The current price of a variant is the first of its rows in this order (among those that have begun).
CURRENT_FIRST = ("-valid_from", "-pk")


def quote_expression(at: datetime) -> Subquery:
    """SQL for the price of a ``Variant`` at a moment, as JSON that ``decode_quote`` reads."""
    rows = Price.objects.filter(variant=OuterRef("pk"), valid_from__lte=at).order_by(*CURRENT_FIRST)
    return Subquery(
        rows.values_list(JSONObject(amount="amount", compare_at="compare_at", currency="currency"), flat=True)[:1]
    )


def next_change_expression(at: datetime) -> Subquery:
    """SQL for the next moment after ``at`` from which a ``Variant`` has another price row."""
    rows = Price.objects.filter(variant=OuterRef("pk"), valid_from__gt=at).order_by("valid_from")
    return Subquery(rows.values_list("valid_from", flat=True)[:1])


def decode_quote(value: Any) -> Quote | None:
    """What ``quote_expression`` gave for one variant."""
    if value is None:
        return None
    return Quote(amount=value["amount"], currency=value["currency"], compare_at=value["compare_at"])


def current_quotes(variant_ids: Collection[int], *, at: datetime | None = None) -> dict[int, Quote]:
    """What each variant costs at a moment (default: now); a variant without a price is left out."""
    moment = at or timezone.now()
    quotes: dict[int, Quote] = {}
    for ids in _batches(variant_ids):
        rows = Variant.objects.filter(pk__in=ids).order_by().annotate(quote=quote_expression(moment))
        quotes |= {pk: quote for pk, value in rows.values_list("pk", "quote") if (quote := decode_quote(value))}
    return quotes


def next_change(variant_ids: Collection[int]) -> datetime | None:
    """The next moment after now at which the price of any of these variants changes, or None."""
    now = timezone.now()
    moments = [
        moment
        for ids in _batches(variant_ids)
        if (moment := Price.objects.filter(variant__in=ids, valid_from__gt=now).aggregate(at=Min("valid_from"))["at"])
    ]
    return min(moments, default=None)


def price_at(*, variant: Variant, at: datetime) -> Price | None:
    """The row that is, or will be, the price of a variant at a moment."""
    return variant.prices.filter(valid_from__lte=at).order_by(*CURRENT_FIRST).first()


def scheduled_prices(variant_ids: Collection[int]) -> QuerySet[Price]:
    """The rows that have not begun yet, soonest first."""
    return Price.objects.filter(variant__in=variant_ids, valid_from__gt=timezone.now()).order_by("valid_from", "pk")


def _batches(ids: Collection[int]) -> Iterator[list[int]]:
    """SQLite has a limit on the parameters of one statement."""
    ordered = list(ids)
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]
