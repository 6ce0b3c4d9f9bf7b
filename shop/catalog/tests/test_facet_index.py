"""The index of facets against the same questions asked product by product."""

import random
from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.catalog.facets import bits, ranges
from shop.catalog.facets.records import Record
from shop.catalog.facets.segment import SORTS
from shop.catalog.facets.view import Members, View, both, size

BRANCHES = ["0001", "00010001", "000100010001", "00010002", "00010003", "000100030001"]


def record(pk: int, chance: random.Random) -> Record:
    price = chance.choice([None, *range(100, 2000, 50)])
    values = [("brand", f"brand-{chance.randrange(5)}")] if chance.random() < 0.9 else []
    values += [("available", "1")] if chance.random() < 0.7 else []
    values += [("material", value) for value in ("oak", "ash", "elm") if chance.random() < 0.3]
    values += [("series", f"series-{chance.randrange(90)}")] if chance.random() < 0.8 else []
    values += [("use", f"use-{number}") for number in chance.sample(range(60), chance.choice([0, 1, 3]))]
    return Record(
        pk=pk,
        path=f"{chance.choice(BRANCHES)}{pk:04}",
        title=f"title {chance.randrange(20):02}",
        published=float(chance.randrange(50)),
        price=price,
        price_highest=None if price is None else price + chance.choice([0, 0, 300]),
        popularity=chance.randrange(10),
        score=chance.choice([-1.0, 350.0, 420.5]),
        stale_at=chance.choice([None, None, float(chance.randrange(1000))]),
        further=tuple(chance.sample(BRANCHES, chance.choice([0, 0, 1, 2]))),
        values=values,
        labels={value: value[1].title() for value in values},
        numbers=[("capacity", float(chance.choice([0, 100, 250, 350.5, 500])))] if chance.random() < 0.5 else [],
    )


def naive_below(path: str, found: Iterable[Record]) -> set[int]:
    return {r.pk for r in found if r.path.startswith(path) or any(f.startswith(path) for f in r.further)}


def ids(view: View, members: Members) -> set[int]:
    return set(view.first(members, "name", 0, 10_000))


@pytest.mark.parametrize("seed", range(12))
def test_index_and_plain_loops_agree_also_after_changes(seed: int) -> None:
    chance = random.Random(seed)
    there = {pk: record(pk, chance) for pk in range(1, chance.choice([2, 40, 300]))}
    view = View.of(there.values())
    for _ in range(3):
        check(view, list(there.values()), chance)
        touched = chance.sample(range(1, 320), 30)
        for pk in touched:
            there.pop(pk, None)
            if chance.random() < 0.7:
                there[pk] = record(pk, chance)
        view = view.changed(touched, [there[pk] for pk in touched if pk in there])
    check(view, list(there.values()), chance)
    # Built anew it says the same.
    check(View.of(there.values()), list(there.values()), chance)


def check(view: View, there: list[Record], chance: random.Random) -> None:
    assert ids(view, view.everyone) == {r.pk for r in there}
    for path in BRANCHES:
        below = view.below(path)
        expected = naive_below(path, there)
        assert ids(view, below) == expected
        # Few values, many values of which a product has one, many of which it has several.
        for facet in ("brand", "series", "use"):
            have = Counter(value for r in there if r.pk in expected for name, value in r.values if name == facet)
            assert view.counts(facet, below) == have
    low, high = sorted(chance.choices(range(2500), k=2))
    priced = view.priced(low, high)
    assert ids(view, priced) == {
        r.pk for r in there if r.price is not None and r.price <= high and (r.price_highest or 0) >= low
    }
    among = view.between("capacity", 100, 350.5, inclusive=False)
    assert ids(view, among) == {r.pk for r in there for _, number in r.numbers if 100 <= number < 350.5}
    among = view.between("capacity", 100, 350.5, inclusive=True)
    assert ids(view, among) == {r.pk for r in there for _, number in r.numbers if 100 <= number <= 350.5}
    assert view.stale_at == min((r.stale_at for r in there if r.stale_at is not None), default=None)
    orders = {
        "newest": lambda r: (-r.published, -r.pk),
        "popularity": lambda r: (-r.popularity, -r.published, -r.pk),
        "price": lambda r: (r.price is None, r.price or 0, -r.pk),
        "-price": lambda r: (r.price is None, -(r.price or 0), -r.pk),
        "rating": lambda r: (-r.score, -r.popularity, -r.pk),
        "name": lambda r: (r.title, r.pk),
    }
    assert set(orders) == set(SORTS)
    some = both(view.below("0001"), view.having("available", "1"))
    chosen = [r for r in there if r.pk in ids(view, some)]
    for sort, key in orders.items():
        expected_order = [r.pk for r in sorted(chosen, key=key)]
        assert view.first(some, sort, 0, 10_000) == expected_order
        assert view.first(some, sort, 3, 7) == expected_order[3:7]
    wanted = [*reversed([r.pk for r in there]), 99_999]
    assert view.keep(wanted, some) == [pk for pk in wanted if pk in {r.pk for r in chosen}]
    assert size(view.of_ids(wanted)) == len(there)


@given(st.sets(st.integers(0, 700)))
def test_sets_of_bits(members: set[int]) -> None:
    packed = bits.from_members(members, 701)
    assert packed.bit_count() == len(members)
    assert list(bits.members_of(packed, 701)) == sorted(members)
    assert [number for number, flag in enumerate(bits.as_flags(packed, 701)) if flag] == sorted(members)


@given(st.lists(st.integers(-50, 50), max_size=400), st.integers(-60, 60))
def test_a_column_divides_at_any_value(values: list[int], at: int) -> None:
    column = bits.Column(((float(value), member) for member, value in enumerate(values)), len(values))
    everyone = set(range(len(values)))

    def names(members: int) -> set[int]:
        return set(bits.members_of(members, len(values)))

    assert names(column.everyone) == everyone
    assert names(column.below(at)) == {member for member in everyone if values[member] < at}
    assert names(column.up_to(at)) == {member for member in everyone if values[member] <= at}
    assert names(column.from_(at)) == {member for member in everyone if values[member] >= at}
    quantiles = column.quantiles(column.everyone, 5)
    assert quantiles == sorted(quantiles)
    assert all(min(values) <= value <= max(values) for value in quantiles)


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("250-500", (250, 500, False)),
        ("2.5-3", (2.5, 3, False)),
        ("500-", (500, None, False)),
        ("500+", None),
        ("350", (350, 350, True)),
        ("-5", (-5, -5, True)),
        ("-5--1", (-5, -1, False)),
        ("", None),
        ("a-b", None),
        ("1e5", None),
        ("١-٢", None),
        ("9" * 40, None),
        ("1-2-3", None),
    ],
)
def test_ranges_are_read(text: str, parsed: object) -> None:
    assert ranges.parse(text) == parsed


def test_ranges_end_at_round_numbers() -> None:
    assert ranges.ends([11.2, 19.5, 47.0, 260]) == [10, 20, 50, 250]
    assert ranges.ends([0, 0, 0.037]) == [0.04]
    assert ranges.ends([-12.0]) == [-10]
    assert (ranges.name(10, 25.5), ranges.name(100000, None)) == ("10-25.5", "100000-")
