"""What stock allows and refuses."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from pytest_django import DjangoCaptureOnCommitCallbacks

from shop.catalog.models import ListingRow
from shop.inventory import services
from shop.inventory.levels import default_location
from shop.inventory.models import StockItem, StockMovement
from shop.inventory.selectors import availability
from shop.inventory.services import OutOfStock, Shortage, StockConflict, StockError
from shop.inventory.tests.factories import StockItemFactory
from tests.factories import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def numbers(sku: str) -> tuple[int, int]:
    item = StockItem.objects.get(sku=sku)
    return item.on_hand, item.reserved


def ledger(sku: str) -> list[tuple[str, int]]:
    return list(StockMovement.objects.filter(item__sku=sku).order_by("pk").values_list("kind", "quantity"))


def test_a_reservation_promises_units_without_moving_them() -> None:
    StockItemFactory(sku="MUG", on_hand=5)
    services.reserve({"MUG": 3})
    assert numbers("MUG") == (5, 3)
    assert ledger("MUG") == [("opening", 5)]
    assert availability(["MUG"])["MUG"].quantity == 2


def test_a_reservation_is_all_or_nothing_and_names_every_shortage() -> None:
    StockItemFactory(sku="MUG", on_hand=5)
    StockItemFactory(sku="BOWL", on_hand=1)
    with pytest.raises(OutOfStock) as refusal:
        services.reserve({"MUG": 2, "BOWL": 4, "GONE": 1})
    assert refusal.value.shortages == [Shortage("BOWL", 4, 1), Shortage("GONE", 1, 0)]
    assert str(refusal.value) == "Not enough stock: BOWL (4 wanted, 1 left), GONE (1 wanted, 0 left)"
    assert numbers("MUG") == (5, 0)
    assert numbers("BOWL") == (1, 0)


def test_the_last_unit_is_reserved_once() -> None:
    StockItemFactory(sku="MUG", on_hand=1)
    services.reserve({"MUG": 1})
    with pytest.raises(OutOfStock):
        services.reserve({"MUG": 1})


def test_an_item_that_is_not_tracked_is_never_refused() -> None:
    services.set_tracked(sku="VOUCHER", tracked=False)
    services.reserve({"VOUCHER": 50})
    services.commit_sale({"VOUCHER": 50}, "C-1")
    assert numbers("VOUCHER") == (-50, 0)
    assert availability(["VOUCHER"])["VOUCHER"].quantity is None
    assert availability(["VOUCHER"])["VOUCHER"].in_stock


def test_release_gives_back_what_was_reserved_and_no_more() -> None:
    StockItemFactory(sku="MUG", on_hand=5)
    services.reserve({"MUG": 3})
    services.release({"MUG": 2})
    assert numbers("MUG") == (5, 1)
    with pytest.raises(StockError, match="2 to release, but only 1 reserved"):
        services.release({"MUG": 2})
    with pytest.raises(StockError, match="NOPE"):
        services.release({"NOPE": 1})


def test_a_sale_takes_the_reserved_units_once_per_order() -> None:
    StockItemFactory(sku="MUG", on_hand=5)
    services.reserve({"MUG": 3})
    services.commit_sale({"MUG": 3}, "C-1")
    services.commit_sale({"MUG": 3}, "C-1")
    assert numbers("MUG") == (2, 0)
    assert ledger("MUG") == [("opening", 5), ("sale", -3)]


def test_the_database_refuses_a_second_sale_for_one_order() -> None:
    item = StockItemFactory(sku="MUG", on_hand=5)
    line = {"item": item, "location": default_location(), "reference": "C-1"}
    StockMovement.objects.create(kind="sale", quantity=-1, **line)
    with pytest.raises(IntegrityError), transaction.atomic():
        StockMovement.objects.create(kind="sale", quantity=-1, **line)
    StockMovement.objects.create(kind="return", quantity=1, **line)


def test_nothing_is_sold_that_was_not_reserved() -> None:
    StockItemFactory(sku="MUG", on_hand=5)
    with pytest.raises(StockError, match="1 sold, but only 0 reserved"):
        services.commit_sale({"MUG": 1}, "C-1")
    with pytest.raises(StockError, match="no stock record"):
        services.commit_sale({"NOPE": 1}, "C-1")
    assert numbers("MUG") == (5, 0)


@pytest.mark.parametrize("quantity", [0, -1])
def test_quantities_below_one_are_refused(quantity: int) -> None:
    StockItemFactory(sku="MUG", on_hand=5)
    for move in (services.reserve, services.release):
        with pytest.raises(StockError, match="at least 1"):
            move({"MUG": quantity})
    with pytest.raises(StockError, match="at least 1"):
        services.commit_sale({"MUG": quantity}, "C-1")
    with pytest.raises(StockError, match="at least 1"):
        services.receive(sku="MUG", quantity=quantity)


def test_goods_received_and_adjustments_are_in_the_ledger() -> None:
    services.receive(sku="MUG", quantity=6, reason="Delivery 7")
    services.adjust(sku="MUG", quantity=-1, reason="Broken")
    services.adjust(sku="MUG", quantity=0, reason="Nothing")
    assert numbers("MUG") == (5, 0)
    assert ledger("MUG") == [("receipt", 6), ("adjustment", -1)]


def test_reserved_units_cannot_be_adjusted_away() -> None:
    StockItemFactory(sku="MUG", on_hand=5)
    services.reserve({"MUG": 3})
    with pytest.raises(StockError, match="3 of MUG are reserved"):
        services.set_on_hand(sku="MUG", on_hand=2)
    services.set_on_hand(sku="MUG", on_hand=3)
    assert numbers("MUG") == (3, 3)
    with pytest.raises(StockError, match="cannot fall below 0"):
        services.adjust(sku="NEW", quantity=-1)


def test_a_count_is_refused_where_stock_has_moved_since() -> None:
    StockItemFactory(sku="MUG", on_hand=5)
    with pytest.raises(StockConflict, match="is 5 now, no longer 9"):
        services.set_on_hand(sku="MUG", on_hand=4, expected=9)
    services.set_on_hand(sku="MUG", on_hand=4, expected=5, reason="Counted")
    assert ledger("MUG")[-1] == ("adjustment", -1)


def test_counting_starts_only_with_at_least_what_is_reserved() -> None:
    services.set_tracked(sku="MUG", tracked=False)
    services.reserve({"MUG": 2})
    with pytest.raises(StockError, match="2 of MUG are reserved"):
        services.set_tracked(sku="MUG", tracked=True)
    services.set_on_hand(sku="MUG", on_hand=2)
    assert services.set_tracked(sku="MUG", tracked=True).tracked


def test_many_levels_at_once_are_written_once() -> None:
    StockItemFactory(sku="A", on_hand=5)
    StockItemFactory(sku="B", on_hand=5)
    services.reserve({"B": 4})
    levels = {"A": 7, "B": 3, "C": 2, "D": None, "E": 0}
    assert services.set_stock(levels=levels) == {"B": "3 units, but 4 are reserved for open orders"}
    assert {sku: numbers(sku)[0] for sku in levels} == {"A": 7, "B": 5, "C": 2, "D": 0, "E": 0}
    assert not StockItem.objects.get(sku="D").tracked
    lines = StockMovement.objects.count()
    services.set_stock(levels=levels)
    assert StockMovement.objects.count() == lines
    assert ledger("A") == [("opening", 5), ("import", 2)]


def test_stock_follows_a_sku_to_its_new_name() -> None:
    StockItemFactory(sku="OLD", on_hand=5)
    services.rename_sku("OLD", "NEW")
    assert numbers("NEW") == (5, 0)
    assert not StockItem.objects.filter(sku="OLD").exists()
    services.rename_sku("NOBODY", "ELSE")
    assert not StockItem.objects.filter(sku="ELSE").exists()


def test_a_sku_keeps_its_name_while_units_are_reserved_or_the_new_name_has_a_ledger() -> None:
    StockItemFactory(sku="OLD", on_hand=5)
    StockItemFactory(sku="TAKEN", on_hand=1)
    with pytest.raises(StockError, match="TAKEN has a stock ledger"):
        services.rename_sku("OLD", "TAKEN")
    services.reserve({"OLD": 1})
    with pytest.raises(StockError, match=r"Stock of OLD is reserved for open orders \(1\)"):
        services.rename_sku("OLD", "NEW")


def test_the_ledger_adds_up_to_what_is_on_hand() -> None:
    services.receive(sku="MUG", quantity=9)
    services.reserve({"MUG": 4})
    services.commit_sale({"MUG": 4}, "C-1")
    services.set_on_hand(sku="MUG", on_hand=3)
    services.set_stock(levels={"MUG": 8})
    total = StockMovement.objects.filter(item__sku="MUG").aggregate(total=Sum("quantity"))["total"]
    assert total == numbers("MUG")[0] == 8


def test_a_listing_shows_when_the_last_unit_goes_and_comes_back(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    product = make_product(sku="MUG", stock=2)

    def available() -> bool:
        return ListingRow.objects.get(product=product).available

    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        services.reserve({"MUG": 1})
    assert callbacks == []
    with django_capture_on_commit_callbacks(execute=True):
        services.reserve({"MUG": 1})
    assert not available()
    with django_capture_on_commit_callbacks(execute=True):
        services.release({"MUG": 1})
    assert available()
    with django_capture_on_commit_callbacks(execute=True):
        services.set_stock(levels={"MUG": 1})
    assert not available()
    with django_capture_on_commit_callbacks(execute=True):
        services.set_tracked(sku="MUG", tracked=False)
    assert available()
