"""Which price may be struck through: the lowest of the 30 days before a reduction began.

Article 6a of Directive 98/6/EC ("Omnibus"): whoever announces a price reduction states the lowest price that was
applied in the 30 days before it. A reduction begins when its amount is first announced: a further cut is a new
reduction, which is measured against the earlier one too. Naming another compare-at price for the same amount begins
nothing new. Pure functions over the rows of one variant.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

PRIOR_PERIOD = timedelta(days=30)


class PriceRow(Protocol):
    """What is read of a price, and the one value that is derived. Amounts are minor units."""

    amount: int
    compare_at: int | None
    currency: str
    valid_from: datetime
    lowest_before: int | None


def effective(rows: Iterable[PriceRow]) -> list[PriceRow]:
    """Rows in the order in which they hold; of several from one moment only the last of ``rows`` ever does."""
    return [*{row.valid_from: row for row in sorted(rows, key=lambda row: row.valid_from)}.values()]


def settle(rows: Sequence[PriceRow], *, since: datetime) -> list[PriceRow]:
    """Set ``lowest_before`` of the rows that begin at ``since`` or later; gives those that were changed by it.

    ``rows`` are those of one variant, older ones first among equals, from whatever held 30 days before ``since``.
    """
    timeline = effective(rows)
    changed = []
    for index, row in enumerate(timeline):
        if row.valid_from < since:
            continue
        lowest = _lowest(timeline, index)
        if lowest != row.lowest_before:
            row.lowest_before = lowest
            changed.append(row)
    return changed


def _lowest(timeline: Sequence[PriceRow], index: int) -> int | None:
    row = timeline[index]
    if index and _continues(timeline[index - 1], row):
        return timeline[index - 1].lowest_before
    amounts = []
    ends, earliest = row.valid_from, row.valid_from - PRIOR_PERIOD
    for before in reversed(timeline[:index]):
        if ends <= earliest:
            break
        if before.currency == row.currency:
            amounts.append(before.amount)
        ends = before.valid_from
    return min(amounts, default=None)


def _continues(before: PriceRow, row: PriceRow) -> bool:
    """Whether a row only goes on with the reduction that was announced before it."""
    announced = before.compare_at is not None and row.compare_at is not None
    return announced and (before.amount, before.currency) == (row.amount, row.currency)
