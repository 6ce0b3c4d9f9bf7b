"""Several places for stock: what is where, what can be sold, and that nothing gets lost on the way."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoCaptureOnCommitCallbacks

from shop.catalog.models import ListingRow
from shop.inventory import locations, services
from shop.inventory.bulk import open_stock, set_stock
from shop.inventory.errors import OutOfStock, StockConflict, StockError
from shop.inventory.levels import default_location, spread
from shop.inventory.models import StockItem, StockLevel, StockLocation, StockMovement
from shop.inventory.selectors import availability, low_items, low_stock
from shop.inventory.tests.factories import LocationFactory
from tests.factories import add_variant, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def shop() -> StockLocation:
    return default_location()


@pytest.fixture
def barn() -> StockLocation:
    location: StockLocation = LocationFactory(name="Barn")
    return location


def at(sku: str) -> dict[str, int]:
    rows = StockLevel.objects.filter(item__sku=sku).values_list("location__name", "on_hand")
    return dict(rows)


def left(sku: str) -> int | None:
    return availability([sku])[sku].quantity


@pytest.mark.parametrize(
    ("levels", "quantity", "parts"),
    [
        ({}, 4, [(1, 4)]),
        ({1: 3, 2: 5}, -3, [(1, -3)]),
        ({1: 3, 2: 5}, -7, [(1, -3), (2, -4)]),
        ({2: 5}, -2, [(2, -2)]),
        ({1: 1, 2: 1}, -5, [(1, -4), (2, -1)]),
        ({1: -2, 2: 1}, -2, [(2, -1), (1, -1)]),
        ({1: 3}, 0, []),
    ],
)
def test_how_a_change_spreads(levels: dict[int, int], quantity: int, parts: list[tuple[int, int]]) -> None:
    assert spread(levels, [1, 2], quantity) == parts


def test_units_without_a_place_come_to_the_default_one(shop: StockLocation, barn: StockLocation) -> None:
    services.receive(sku="MUG", quantity=5)
    services.receive(sku="MUG", quantity=3, location=barn)
    assert at("MUG") == {"Stock room": 5, "Barn": 3}
    assert left("MUG") == 8


def test_a_sale_takes_from_the_default_first(shop: StockLocation, barn: StockLocation) -> None:
    services.receive(sku="MUG", quantity=5)
    services.receive(sku="MUG", quantity=3, location=barn)
    services.reserve({"MUG": 7})
    services.commit_sale({"MUG": 7}, "C-1")
    services.commit_sale({"MUG": 7}, "C-1")
    assert at("MUG") == {"Stock room": 0, "Barn": 1}
    assert left("MUG") == 1


def test_only_active_locations_are_sold_from(shop: StockLocation, barn: StockLocation) -> None:
    services.receive(sku="MUG", quantity=5)
    services.receive(sku="MUG", quantity=3, location=barn)
    locations.set_active(location=barn, active=False)
    assert left("MUG") == 5
    with pytest.raises(OutOfStock):
        services.reserve({"MUG": 6})
    services.reserve({"MUG": 5})
    locations.set_active(location=barn, active=True)
    assert left("MUG") == 3


def test_a_location_whose_units_are_promised_stays_open(shop: StockLocation, barn: StockLocation) -> None:
    services.receive(sku="MUG", quantity=3, location=barn)
    services.reserve({"MUG": 1})
    with pytest.raises(StockError, match="Units at Barn are reserved for open orders: MUG"):
        locations.set_active(location=barn, active=False)
    assert StockLocation.objects.get(pk=barn.pk).active
    with pytest.raises(StockError, match="default location is always active"):
        locations.set_active(location=shop, active=False)


def test_a_transfer_moves_and_neither_makes_nor_loses(shop: StockLocation, barn: StockLocation) -> None:
    services.receive(sku="MUG", quantity=5)
    locations.transfer(sku="MUG", quantity=2, source=shop, target=barn, reason="For the fair")
    assert at("MUG") == {"Stock room": 3, "Barn": 2}
    lines = StockMovement.objects.filter(kind="transfer").order_by("pk").values_list("location__name", "quantity")
    assert list(lines) == [("Stock room", -2), ("Barn", 2)]
    with pytest.raises(StockError, match="only 3 of MUG at Stock room"):
        locations.transfer(sku="MUG", quantity=4, source=shop, target=barn)
    with pytest.raises(StockError, match="two different"):
        locations.transfer(sku="MUG", quantity=1, source=shop, target=shop)
    with pytest.raises(StockError, match="at least 1"):
        locations.transfer(sku="MUG", quantity=0, source=shop, target=barn)


def test_promised_units_do_not_go_where_nothing_is_sold(shop: StockLocation, barn: StockLocation) -> None:
    locations.set_active(location=barn, active=False)
    services.receive(sku="MUG", quantity=5)
    services.reserve({"MUG": 4})
    with pytest.raises(StockError, match="4 of MUG are reserved for open orders, and nothing is sold from Barn"):
        locations.transfer(sku="MUG", quantity=2, source=shop, target=barn)
    locations.transfer(sku="MUG", quantity=1, source=shop, target=barn)
    assert left("MUG") == 0


def test_a_count_is_of_one_location(shop: StockLocation, barn: StockLocation) -> None:
    services.receive(sku="MUG", quantity=5)
    services.receive(sku="MUG", quantity=3, location=barn)
    services.set_on_hand(sku="MUG", on_hand=1, expected=3, location=barn, kind=services.Kind.COUNT)
    assert at("MUG") == {"Stock room": 5, "Barn": 1}
    with pytest.raises(StockConflict, match="at Barn is 1 now, no longer 3"):
        services.set_on_hand(sku="MUG", on_hand=2, expected=3, location=barn)
    with pytest.raises(StockError, match="only 1 of MUG at Barn"):
        services.adjust(sku="MUG", quantity=-2, location=barn)


def test_an_import_sets_the_sum(shop: StockLocation, barn: StockLocation) -> None:
    services.receive(sku="MUG", quantity=5)
    services.receive(sku="MUG", quantity=3, location=barn)
    assert set_stock(levels={"MUG": 2}) == {}
    assert at("MUG") == {"Stock room": 0, "Barn": 2}
    assert set_stock(levels={"MUG": 9}) == {}
    assert at("MUG") == {"Stock room": 7, "Barn": 2}
    open_stock(levels={"NEW": 4, "NONE": 0, "ANY": None})
    assert at("NEW") == {"Stock room": 4}
    locations.set_active(location=barn, active=False)
    assert set_stock(levels={"MUG": 1}) == {
        "MUG": "1 units, but 0 are reserved for open orders and 2 are where nothing is sold"
    }


def test_there_is_one_default(shop: StockLocation, barn: StockLocation) -> None:
    locations.make_default(location=barn)
    assert StockLocation.objects.get(is_default=True) == barn
    for wrong in ({"is_default": True}, {"active": False, "is_default": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            LocationFactory(**wrong)
    closed = LocationFactory(active=False)
    with pytest.raises(StockError, match="cannot be the default"):
        locations.make_default(location=closed)


def test_low_stock_follows_the_reorder_point(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    product = make_product(sku="MUG", stock=5)

    def listed() -> bool:
        return ListingRow.objects.get(product=product).low_stock

    with django_capture_on_commit_callbacks(execute=True):
        services.set_reorder_point(sku="MUG", units=3)
    assert (listed(), list(low_items())) == (False, [])
    with django_capture_on_commit_callbacks(execute=True):
        services.reserve({"MUG": 2})
    assert (listed(), [item.sku for item in low_items()]) == (True, ["MUG"])
    with django_capture_on_commit_callbacks(execute=True):
        services.receive(sku="MUG", quantity=1)
    assert not listed()
    with pytest.raises(StockError, match="at least 0"):
        services.set_reorder_point(sku="MUG", units=-1)


def test_a_product_is_low_when_everything_that_can_be_had_of_it_is() -> None:
    product = make_product(sku="S", stock=1)
    add_variant(product, sku="M", options=[("Size", "M")], stock=0)
    services.set_reorder_point(sku="S", units=2)
    services.set_reorder_point(sku="M", units=2)
    assert low_stock([product.pk]) == {product.pk: True}
    add_variant(product, sku="L", options=[("Size", "L")], stock=50)
    assert low_stock([product.pk]) == {product.pk: False}
    assert low_stock([make_product(stock=0).pk]) == {}


def test_what_is_sold_before_it_comes_is_not_about_to_sell_out() -> None:
    product = make_product(sku="BOX", stock=0)
    services.set_reorder_point(sku="BOX", units=5)
    services.set_backorders(sku="BOX", limit=20)
    assert low_stock([product.pk]) == {product.pk: False}
    services.set_backorders(sku="BOX", limit=5)
    assert low_stock([product.pk]) == {product.pk: True}


SKUS = st.sampled_from(["MUG", "BOWL"])
PLACES = st.sampled_from([0, 1, 2])
UNITS = st.integers(-6, 9)
steps = st.one_of(
    st.tuples(st.just("adjust"), SKUS, UNITS, st.none() | PLACES),
    st.tuples(st.just("count"), SKUS, st.integers(0, 9), st.none() | PLACES),
    st.tuples(st.just("transfer"), SKUS, st.integers(1, 4), PLACES, PLACES),
    st.tuples(st.just("reserve"), SKUS, st.integers(1, 4)),
    st.tuples(st.just("sell"), SKUS, st.integers(1, 4), st.sampled_from(["C-1", "C-2"])),
    st.tuples(st.just("import"), SKUS, st.none() | st.integers(0, 9)),
    st.tuples(st.just("track"), SKUS, st.booleans()),
    st.tuples(st.just("open"), PLACES, st.booleans()),
    st.tuples(st.just("default"), PLACES),
)


def take(step: tuple[Any, ...], places: list[StockLocation]) -> None:
    kind, first, *rest = step
    for place in places:
        place.refresh_from_db()
    where: Callable[[int], Any] = lambda n: None if rest[n] is None else places[rest[n]]  # noqa: E731
    calls: dict[str, Callable[[], Any]] = {
        "adjust": lambda: services.adjust(sku=first, quantity=rest[0], location=where(1)),
        "count": lambda: services.set_on_hand(sku=first, on_hand=rest[0], location=where(1)),
        "transfer": lambda: locations.transfer(sku=first, quantity=rest[0], source=where(1), target=where(2)),
        "reserve": lambda: services.reserve({first: rest[0]}),
        "sell": lambda: services.commit_sale({first: rest[0]}, rest[1]),
        "import": lambda: set_stock(levels={first: rest[0]}),
        "track": lambda: services.set_tracked(sku=first, tracked=rest[0]),
        "open": lambda: locations.set_active(location=places[first], active=rest[0]),
        "default": lambda: locations.make_default(location=places[first]),
    }
    try:
        with transaction.atomic():
            calls[kind]()
    except (OutOfStock, StockError):
        return


def books_are_in_order() -> None:
    for item in StockItem.objects.all():
        levels = {level.location_id: level for level in item.levels.select_related("location")}
        moved = item.movements.values("location").order_by("location").annotate(total=Sum("quantity"))
        sums = {row["location"]: row["total"] for row in moved}
        assert {pk: level.on_hand for pk, level in levels.items() if level.on_hand} == {
            k: v for k, v in sums.items() if v
        }
        assert item.on_hand == sum(level.on_hand for level in levels.values())
        assert item.unavailable == sum(level.on_hand for level in levels.values() if not level.location.active)
        assert item.reserved >= 0
        if item.tracked:
            assert item.sellable >= 0
            assert min((level.on_hand for level in levels.values()), default=0) >= 0
    assert StockLocation.objects.filter(is_default=True, active=True).count() == 1


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, max_size=20))
def test_any_sequence_keeps_the_books_of_every_location(sequence: list[tuple[Any, ...]]) -> None:
    with transaction.atomic():
        places: list[StockLocation] = [default_location(), LocationFactory(), LocationFactory(active=False)]
        for step in sequence:
            take(step, places)
            books_are_in_order()
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_buyers_transfers_and_counts_at_once(
    in_threads: Callable[[int, Callable[[int], str]], list[str]],
) -> None:
    shop, barn = default_location(), LocationFactory()
    services.receive(sku="MUG", quantity=10, location=shop)
    services.receive(sku="MUG", quantity=10, location=barn)

    def work(number: int) -> str:
        try:
            if number % 5 == 0:
                source, target = (shop, barn) if number % 10 else (barn, shop)
                locations.transfer(sku="MUG", quantity=2, source=source, target=target)
                return "moved"
            with transaction.atomic():
                services.reserve({"MUG": 1})
                services.commit_sale({"MUG": 1}, f"C-{number}")
        except OutOfStock:
            return "refused"
        except StockError:
            return "moved"
        return "bought"

    endings = in_threads(40, work)
    assert endings.count("bought") == 20
    assert left("MUG") == 0
    books_are_in_order()
