"""When a parcel arrives: working days from the day on which it leaves."""

from datetime import date, datetime, time, timedelta

SATURDAY = 5


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
    *, ordered: datetime, min_days: int | None, max_days: int | None, cut_off: time | None, collected: bool = False
) -> str:
    """``Arrives Tue 24 to Thu 26 Nov``; empty where nobody has said how long it takes."""
    if max_days is None:
        return ""
    leaves = leaves_on(ordered, cut_off)
    first = add_working_days(leaves, max_days if min_days is None else min_days)
    last = add_working_days(leaves, max_days)
    verb = "Ready" if collected else "Arrives"
    if first == last:
        return f"{verb} {_day(first)} {first:%b}"
    month = "" if (first.year, first.month) == (last.year, last.month) else f" {first:%b}"
    return f"{verb} {_day(first)}{month} to {_day(last)} {last:%b}"


def _is_working(day: date) -> bool:
    return day.weekday() < SATURDAY


def _day(day: date) -> str:
    return f"{day:%a} {day.day}"
