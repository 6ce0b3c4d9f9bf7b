"""When a parcel arrives: working days from the day on which it leaves."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from shop.cart.contents import Cart

SATURDAY = 5
NEVER: AbstractSet[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Supply:
    """When a cart's goods can leave: on a day to come, or now (``since`` is None).

    ``partly``: some leave now and others follow. ``known``: False where nobody can say when any of them comes.
    """

    since: date | None = None
    partly: bool = False
    known: bool = True


HERE = Supply()


def supply_of(cart: Cart) -> Supply:
    """What has been sold before it is here keeps the parcel waiting; only what is sent counts."""
    sent = [line for line in cart.lines if line.counts and not line.digital]
    waiting = [line for line in sent if line.waits]
    if not waiting:
        return HERE
    if len(waiting) < len(sent) or any(line.here for line in waiting):
        return Supply(partly=True)
    days = [line.expected for line in waiting if line.expected]
    return Supply(since=max(days)) if len(days) == len(waiting) else Supply(known=False)


def leaves_on(ordered: datetime, cut_off: time | None, closed: AbstractSet[date] = NEVER) -> date:
    """The working day on which an order leaves; ``ordered`` in the shop's own time."""
    day = ordered.date()
    if _is_working(day, closed) and cut_off is not None and ordered.time() >= cut_off:
        day += timedelta(days=1)
    while not _is_working(day, closed):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, days: int, closed: AbstractSet[date] = NEVER) -> date:
    """``days`` working days later."""
    while days:
        day += timedelta(days=1)
        days -= _is_working(day, closed)
    return day


def estimate_text(
    *,
    ordered: datetime,
    min_days: int | None,
    max_days: int | None,
    cut_off: time | None,
    collected: bool = False,
    supply: Supply = HERE,
    closed: AbstractSet[date] = NEVER,
) -> str:
    """``Arrives Tue 24 to Thu 26 Nov``; empty where nobody has said how long it takes, or when the goods come.

    ``closed`` are days, beside weekends, on which nothing leaves and nothing arrives.
    """
    if max_days is None or not supply.known:
        return ""
    if supply.since:
        leaves = leaves_on(datetime.combine(supply.since, time()), None, closed)
    else:
        leaves = leaves_on(ordered, cut_off, closed)
    first = add_working_days(leaves, max_days if min_days is None else min_days, closed)
    words = _words(first, add_working_days(leaves, max_days, closed), "Ready" if collected else "Arrives")
    return f"{words}, as far as it is here" if supply.partly else words


def _words(first: date, last: date, verb: str) -> str:
    if first == last:
        return f"{verb} {_day(first)} {first:%b}"
    month = "" if (first.year, first.month) == (last.year, last.month) else f" {first:%b}"
    return f"{verb} {_day(first)}{month} to {_day(last)} {last:%b}"


def _is_working(day: date, closed: AbstractSet[date]) -> bool:
    return day.weekday() < SATURDAY and day not in closed


def _day(day: date) -> str:
    return f"{day:%a} {day.day}"
