"""Reading prices."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import JSONObject
from django.utils import timezone

from shop.catalog.models import Variant
from shop.catalog.offers import BATCH, Quote
from shop.pricing.models import Price

# The current price of a variant is the first of its rows in this order (among those that have begun).
CURRENT_FIRST = ("-valid_from", "-pk")


def quote_expression(at: datetime) -> Subquery:
    """SQL for the price of a ``Variant`` at a moment as shoppers see it, as JSON that ``decode_quote`` reads.

    Its compare-at price is what may be struck through (``Price.struck``), whatever the row claims.
    """
    reduced = Q(compare_at__isnull=False, lowest_before__gt=F("amount"))
    return _row_expression(at, Case(When(reduced, then=F("lowest_before"))))


def _row_expression(at: datetime, compare_at: Any) -> Subquery:
    rows = Price.objects.filter(variant=OuterRef("pk"), valid_from__lte=at).order_by(*CURRENT_FIRST)
    return Subquery(
        rows.values_list(JSONObject(amount="amount", compare_at=compare_at, currency="currency"), flat=True)[:1]
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
    """The price of each variant as it was set, at a moment (default: now); a variant without one is left out.

    ``compare_at`` is what was claimed when it was set: for what shoppers see, ask the catalogue's offers.
    """
    moment = at or timezone.now()
    quotes: dict[int, Quote] = {}
    for ids in _batches(variant_ids):
        rows = Variant.objects.filter(pk__in=ids).order_by().annotate(quote=_row_expression(moment, "compare_at"))
        quotes |= {pk: quote for pk, value in rows.values_list("pk", "quote") if (quote := decode_quote(value))}
    return quotes


def current_rows(variant_ids: Collection[int]) -> list[Price]:
    """The rows that are the prices of these variants now, in no order."""
    now = timezone.now()
    return [rows[-1] for rows in histories(variant_ids=variant_ids, since=now, until=now).values()]


def next_change(variant_ids: Collection[int]) -> datetime | None:
    """The next moment after now at which the price of any of these variants changes, or None."""
    now = timezone.now()
    moments = [
        moment
        for ids in _batches(variant_ids)
        if (moment := Price.objects.filter(variant__in=ids, valid_from__gt=now).aggregate(at=Min("valid_from"))["at"])
    ]
    return min(moments, default=None)


def histories(
    *, variant_ids: Collection[int], since: datetime, until: datetime | None = None
) -> dict[int, list[Price]]:
    """Per variant the row that held at a moment and all that began since, oldest first; one query for 2,000.

    ``until`` leaves out those that begin later.
    """
    newer = Price.objects.filter(variant=OuterRef("variant"), valid_from__lte=since).filter(
        Q(valid_from__gt=OuterRef("valid_from")) | Q(valid_from=OuterRef("valid_from"), pk__gt=OuterRef("pk"))
    )
    found: dict[int, list[Price]] = {}
    for ids in _batches(variant_ids):
        rows = Price.objects.filter(variant__in=ids).filter(Q(valid_from__gt=since) | ~Exists(newer))
        if until is not None:
            rows = rows.filter(valid_from__lte=until)
        for row in rows.order_by("variant", "valid_from", "pk"):
            found.setdefault(row.variant_id, []).append(row)
    return found


def scheduled_prices(variant_ids: Collection[int]) -> QuerySet[Price]:
    """The rows that have not begun yet and will hold, soonest first."""
    replaced = Price.objects.filter(
        variant=OuterRef("variant"), valid_from=OuterRef("valid_from"), pk__gt=OuterRef("pk")
    )
    rows = Price.objects.filter(variant__in=variant_ids, valid_from__gt=timezone.now())
    return rows.filter(~Exists(replaced)).order_by("valid_from", "pk")


def _batches(ids: Collection[int]) -> Iterator[list[int]]:
    """SQLite has a limit on the parameters of one statement."""
    ordered = list(ids)
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]
