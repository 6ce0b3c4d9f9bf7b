"""When a parcel arrives: working days from the day on which it leaves."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from shop.cart.contents import Cart

SATURDAY = 5


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


def leaves_on(ordered: datetime, cut_off: time | None) -> date:
    """The working day on which an order leaves; ``ordered`` in the shop's own time."""
    day = ordered.date()
    if _is_working(day) and cut_off is not None and ordered.time() >= cut_off:
        day += timedelta(days=1)
    while not _is_working(day):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, days: int) -> date:
    """``days`` working days later."""
    weeks, rest = divmod(days, SATURDAY)
    day += timedelta(weeks=weeks)
    while rest:
        day += timedelta(days=1)
        rest -= _is_working(day)
    return day


def estimate_text(
    *,
    ordered: datetime,
    min_days: int | None,
    max_days: int | None,
    cut_off: time | None,
    collected: bool = False,
    supply: Supply = HERE,
) -> str:
    """``Arrives Tue 24 to Thu 26 Nov``; empty where nobody has said how long it takes, or when the goods come."""
    if max_days is None or not supply.known:
        return ""
    leaves = leaves_on(datetime.combine(supply.since, time()), None) if supply.since else leaves_on(ordered, cut_off)
    words = _words(leaves, max_days if min_days is None else min_days, max_days, "Ready" if collected else "Arrives")
    return f"{words}, as far as it is here" if supply.partly else words


def _words(leaves: date, least: int, most: int, verb: str) -> str:
    first, last = add_working_days(leaves, least), add_working_days(leaves, most)
    if first == last:
        return f"{verb} {_day(first)} {first:%b}"
    month = "" if (first.year, first.month) == (last.year, last.month) else f" {first:%b}"
    return f"{verb} {_day(first)}{month} to {_day(last)} {last:%b}"


def _is_working(day: date) -> bool:
    return day.weekday() < SATURDAY


def _day(day: date) -> str:
    return f"{day:%a} {day.day}"
