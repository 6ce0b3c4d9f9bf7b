"""Where new rows go among those that a variant has: what they end, what they replace, what follows from them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shop.pricing.models import Price
from shop.pricing.prior import effective, settle

END_REASON = "The sale is over"


class PriceError(ValueError):
    """A price that may not be; the message says why."""


@dataclass
class Change:
    """Rows to append, of which ``follow`` refer to ``price``, and rows whose ``lowest_before`` is another now."""

    price: Price
    follow: list[Price] = field(default_factory=list)
    settled: list[Price] = field(default_factory=list)


def place(rows: Sequence[Price], new: Price, until: datetime | None) -> Change | None:
    """What is to be written so that ``new`` holds from its date, or None where it would change nothing.

    ``rows`` are the variant's from whatever held 30 days before, in the order in which they began. With ``until`` it
    is a sale, after which the price is again what it was before. Without, later ends of sales lead to the new price
    instead of the one that they knew. Raises PriceError for a sale that has nothing to return to, or during which
    another price begins.
    """
    timeline: list[Price] = effective(rows)  # type: ignore[assignment]
    holding = next((row for row in reversed(timeline) if row.valid_from <= new.valid_from), None)
    if holding and same(holding, new):
        return None
    later = [row for row in timeline if row.valid_from > new.valid_from]
    change = Change(new)
    if until is None:
        change.follow = _ends_redirected(later, new)
    else:
        change.follow = _end(holding, later, new, until)
    written = [new, *change.follow]
    # Those that are to be written now are younger than those that are stored: they win where they begin together.
    changed = settle([*rows, *written], since=new.valid_from)
    change.settled = [row for row in changed if isinstance(row, Price) and row.pk is not None]
    return change


def same(one: Price, other: Price) -> bool:
    """Whether two rows say the same of a price."""
    return (one.amount, one.compare_at, one.currency) == (other.amount, other.compare_at, other.currency)


def _end(holding: Price | None, later: Collection[Price], new: Price, until: datetime) -> list[Price]:
    """The row that brings the old price back, unless another price begins at that very moment."""
    if until <= new.valid_from:
        raise PriceError("The sale must end after it begins.")
    if holding is None:
        raise PriceError("There is no price yet that could come back when the sale is over.")
    if during := next((row for row in later if row.valid_from < until), None):
        raise PriceError(f"Another price begins during the sale, on {during.valid_from:%d %b %Y, %H:%M} UTC.")
    if any(row.valid_from == until for row in later):
        return []
    back = _end_row(holding, until, by=new)
    back.ends = new
    return [back]


def _ends_redirected(later: Sequence[Price], new: Price) -> list[Price]:
    """Sales that end later return to the new price, up to the next price that was set on purpose."""
    sales = {row.ends_id for row in later if row.ends_id}
    redirected = []
    for row in later:
        if row.ends_id:
            if same(row, new):
                continue
            end = _end_row(new, row.valid_from, by=new)
            end.ends_id = row.ends_id
            redirected.append(end)
        elif row.pk not in sales:
            break
    return redirected


def _end_row(price: Price, moment: datetime, *, by: Price) -> Price:
    """A price from a later moment on, written by whoever wrote ``by``."""
    return Price(
        variant_id=by.variant_id,
        amount=price.amount,
        compare_at=price.compare_at,
        currency=price.currency,
        valid_from=moment,
        created_by_id=by.created_by_id,
        reason=END_REASON,
    )
