"""When a parcel arrives: working days, the cut-off, weekends and month ends."""

from datetime import UTC, date, datetime, time

import pytest

from shop.shipping.estimates import Supply, estimate_text

NOON = time(12)


@pytest.mark.parametrize(
    ("ordered", "least", "most", "cut_off", "expected"),
    [
        # 2026-11-23 is a Monday.
        ("2026-11-23 09:00", 1, 3, NOON, "Arrives Tue 24 to Thu 26 Nov"),
        ("2026-11-23 11:59", 1, 1, NOON, "Arrives Tue 24 Nov"),
        ("2026-11-23 12:00", 1, 1, NOON, "Arrives Wed 25 Nov"),
        ("2026-11-23 23:59", 1, 1, None, "Arrives Tue 24 Nov"),
        ("2026-11-27 12:00", 1, 1, NOON, "Arrives Tue 1 Dec"),
        ("2026-11-27 11:59", 1, 1, NOON, "Arrives Mon 30 Nov"),
        ("2026-11-27 11:59", 1, 2, NOON, "Arrives Mon 30 Nov to Tue 1 Dec"),
        ("2026-11-28 09:00", 0, 0, NOON, "Arrives Mon 30 Nov"),
        ("2026-11-29 23:00", 0, 5, NOON, "Arrives Mon 30 Nov to Mon 7 Dec"),
        ("2026-12-31 09:00", 1, 1, NOON, "Arrives Fri 1 Jan"),
        ("2026-11-23 09:00", None, 2, None, "Arrives Wed 25 Nov"),
        ("2026-11-23 09:00", 1, None, None, ""),
        ("2026-11-23 09:00", 10, 10, None, "Arrives Mon 7 Dec"),
    ],
)
def test_the_words(ordered: str, least: int | None, most: int | None, cut_off: time | None, expected: str) -> None:
    moment = datetime.fromisoformat(ordered)
    assert estimate_text(ordered=moment, min_days=least, max_days=most, cut_off=cut_off) == expected


@pytest.mark.parametrize(
    ("supply", "expected"),
    [
        (Supply(), "Arrives Tue 24 Nov"),
        (Supply(partly=True), "Arrives Tue 24 Nov, as far as it is here"),
        (Supply(since=date(2026, 12, 14)), "Arrives Tue 15 Dec"),
        # A Saturday.
        (Supply(since=date(2026, 12, 12)), "Arrives Tue 15 Dec"),
        (Supply(known=False), ""),
    ],
)
def test_goods_that_are_not_here_yet(supply: Supply, expected: str) -> None:
    moment = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert estimate_text(ordered=moment, min_days=1, max_days=1, cut_off=NOON, supply=supply) == expected


def test_collecting_is_ready_rather_than_arriving() -> None:
    moment = datetime(2026, 11, 23, 9, tzinfo=UTC)
    found = estimate_text(ordered=moment, min_days=0, max_days=0, cut_off=None, collected=True)
    assert found == "Ready Mon 23 Nov"


CHRISTMAS = frozenset({date(2026, 12, 25), date(2026, 12, 28)})


@pytest.mark.parametrize(
    ("ordered", "least", "most", "expected"),
    [
        # 2026-12-24 is a Thursday, Boxing Day is kept on the Monday.
        ("2026-12-24 09:00", 1, 2, "Arrives Tue 29 to Wed 30 Dec"),
        ("2026-12-24 12:00", 1, 1, "Arrives Wed 30 Dec"),
        ("2026-12-25 09:00", 0, 0, "Arrives Tue 29 Dec"),
        ("2026-12-22 09:00", 1, 1, "Arrives Wed 23 Dec"),
    ],
)
def test_nothing_travels_on_a_closed_day(ordered: str, least: int, most: int, expected: str) -> None:
    moment = datetime.fromisoformat(ordered)
    found = estimate_text(ordered=moment, min_days=least, max_days=most, cut_off=NOON, closed=CHRISTMAS)
    assert found == expected


def test_goods_that_come_on_a_closed_day_leave_after_it() -> None:
    supply = Supply(since=date(2026, 12, 25))
    moment = datetime(2026, 11, 23, 9, tzinfo=UTC)
    found = estimate_text(ordered=moment, min_days=1, max_days=1, cut_off=None, supply=supply, closed=CHRISTMAS)
    assert found == "Arrives Wed 30 Dec"
