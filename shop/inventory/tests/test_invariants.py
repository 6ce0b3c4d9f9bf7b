"""Whatever happens in whatever order, stock keeps its promises."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop.inventory import services
from shop.inventory.models import StockItem, StockMovement
from shop.inventory.services import OutOfStock, StockError
from shop.inventory.tests.factories import StockItemFactory

SKUS = ("MUG", "BOWL", "JUG")
REFERENCES = ("C-1", "C-2", "C-3")


@dataclass
class Shelf:
    """What one SKU should look like."""

    on_hand: int = 0
    reserved: int = 0
    tracked: bool = True

    def allows(self, on_hand: int) -> bool:
        return not self.tracked or on_hand >= self.reserved


class Model:
    """The stock room as simple arithmetic."""

    def __init__(self) -> None:
        self.shelves: dict[str, Shelf] = {}
        self.sold: Counter[tuple[str, str]] = Counter()

    def reserve(self, quantities: dict[str, int]) -> bool:
        wanted = [(self.shelves.get(sku), quantity) for sku, quantity in quantities.items()]
        if any(s is None or (s.tracked and s.on_hand - s.reserved < quantity) for s, quantity in wanted):
            return False
        for shelf, quantity in wanted:
            if shelf:
                shelf.reserved += quantity
        return True

    def release(self, quantities: dict[str, int]) -> bool:
        if any(sku not in self.shelves or self.shelves[sku].reserved < n for sku, n in quantities.items()):
            return False
        for sku, quantity in quantities.items():
            self.shelves[sku].reserved -= quantity
        return True

    def commit(self, quantities: dict[str, int], reference: str) -> bool:
        new = {sku: n for sku, n in quantities.items() if not self.sold[sku, reference]}
        if any(sku not in self.shelves for sku in quantities) or not self.release(new):
            return False
        for sku, quantity in new.items():
            self.shelves[sku].on_hand -= quantity
            self.sold[sku, reference] += 1
        return True

    def move(self, sku: str, on_hand: int) -> bool:
        shelf = self.shelves.get(sku, Shelf())
        if on_hand != shelf.on_hand and not shelf.allows(on_hand):
            return False
        self.shelves[sku] = Shelf(on_hand, shelf.reserved, shelf.tracked)
        return True

    def track(self, sku: str, tracked: bool) -> bool:
        shelf = self.shelves.get(sku, Shelf())
        if tracked and shelf.on_hand < shelf.reserved:
            return False
        self.shelves[sku] = Shelf(shelf.on_hand, shelf.reserved, tracked)
        return True


quantities = st.dictionaries(st.sampled_from(SKUS), st.integers(1, 6), min_size=1)
steps = st.one_of(
    st.tuples(st.just("reserve"), quantities),
    st.tuples(st.just("release"), quantities),
    st.tuples(st.just("commit"), quantities, st.sampled_from(REFERENCES)),
    st.tuples(st.just("adjust"), st.sampled_from(SKUS), st.integers(-6, 6)),
    st.tuples(st.just("receive"), st.sampled_from(SKUS), st.integers(1, 9)),
    st.tuples(st.just("count"), st.sampled_from(SKUS), st.integers(0, 12)),
    st.tuples(st.just("track"), st.sampled_from(SKUS), st.booleans()),
)


def expected(model: Model, step: tuple[Any, ...]) -> bool:
    """Change the model; whether it allows the step."""
    kind, first, *rest = step
    if kind == "reserve":
        return model.reserve(first)
    if kind == "release":
        return model.release(first)
    if kind == "commit":
        return model.commit(first, rest[0])
    if kind == "track":
        return model.track(first, rest[0])
    level = rest[0] if kind == "count" else model.shelves.get(first, Shelf()).on_hand + rest[0]
    return model.move(first, level)


def take(step: tuple[Any, ...]) -> bool:
    """Change the database; whether it allowed the step."""
    kind, first, *rest = step
    calls: dict[str, Callable[[], Any]] = {
        "reserve": lambda: services.reserve(first),
        "release": lambda: services.release(first),
        "commit": lambda: services.commit_sale(first, rest[0]),
        "adjust": lambda: services.adjust(sku=first, quantity=rest[0]),
        "receive": lambda: services.receive(sku=first, quantity=rest[0]),
        "count": lambda: services.set_on_hand(sku=first, on_hand=rest[0]),
        "track": lambda: services.set_tracked(sku=first, tracked=rest[0]),
    }
    try:
        calls[kind]()
    except (OutOfStock, StockError):
        return False
    return True


@pytest.mark.django_db
@pytest.mark.database
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, max_size=25))
def test_any_sequence_of_movements_keeps_the_books(sequence: list[tuple[Any, ...]]) -> None:
    model = Model()
    with transaction.atomic():
        for step in sequence:
            assert take(step) == expected(model, step), step
            stored = {item.sku: Shelf(item.on_hand, item.reserved, item.tracked) for item in StockItem.objects.all()}
            assert {sku: shelf for sku, shelf in stored.items() if shelf != Shelf()} == {
                sku: shelf for sku, shelf in model.shelves.items() if shelf != Shelf()
            }
        for item in StockItem.objects.all():
            moved = StockMovement.objects.filter(item=item).aggregate(total=Sum("quantity"))["total"] or 0
            assert moved == item.on_hand
            assert item.reserved >= 0
            assert not item.tracked or item.on_hand >= item.reserved
        transaction.set_rollback(True)


@pytest.mark.database
def test_fifty_buyers_of_five_units(in_threads: Callable[[int, Callable[[int], bool]], list[bool]]) -> None:
    StockItemFactory(sku="LAST", on_hand=5)

    def buy(number: int) -> bool:
        try:
            services.reserve({"LAST": 1})
        except OutOfStock:
            return False
        return True

    assert Counter(in_threads(50, buy)) == {True: 5, False: 45}
    item = StockItem.objects.get(sku="LAST")
    assert (item.on_hand, item.reserved) == (5, 5)


@pytest.mark.database
def test_buyers_of_the_same_two_products_never_wait_for_each_other(
    in_threads: Callable[[int, Callable[[int], str]], list[str]],
) -> None:
    """Half of them name the products in the other order: rows taken in that order would deadlock."""
    StockItemFactory(sku="A", on_hand=30)
    StockItemFactory(sku="B", on_hand=30)

    def buy(number: int) -> str:
        wanted = {"A": 1, "B": 1} if number % 2 else {"B": 1, "A": 1}
        try:
            with transaction.atomic():
                services.reserve(wanted)
                if number % 3 == 0:
                    services.commit_sale(wanted, f"C-{number}")
        except OutOfStock:
            return "refused"
        return "bought"

    assert Counter(in_threads(40, buy)) == {"bought": 30, "refused": 10}
    for sku in ("A", "B"):
        item = StockItem.objects.get(sku=sku)
        assert item.on_hand - item.reserved == 0
        assert item.on_hand + StockMovement.objects.filter(item=item, kind="sale").count() == 30
