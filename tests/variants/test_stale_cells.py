"""Two people with the same table: what somebody else has stored is shown, and never written over."""

from typing import Any

import pytest
from django.test import Client

from shop.catalog.models import ProductPage, Variant
from shop.inventory import services as inventory
from shop.pricing.services import set_price
from tests.variants.table import PRICE_AND_STOCK, Table, member, messages, on_hand, price, status

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_stale_cell_is_refused_and_shows_what_the_other_person_stored(manager: Client, mug: ProductPage) -> None:
    table = Table(manager, mug)
    set_price(variant=Variant.objects.get(sku="SEA"), amount=1111, currency="GBP")
    response = table.post({table.field("SEA", "price_amount"): "14", table.field("CHALK", "weight"): "350"})
    assert response.status_code == 422
    assert messages(response) == [
        "SEA, Price, GBP: Somebody else has stored “11.11” here meanwhile, and that is shown now. You had typed “14”."
    ]
    table.fields = Table.read(response.content.decode())
    assert table.fields[table.field("SEA", "price_amount")] == "11.11"
    assert table.post().status_code == 200  # saving again stores the other cells and leaves theirs alone
    assert (price("SEA"), Variant.objects.get(sku="CHALK").weight) == ((1111, None), 350)
    table = Table(manager, mug)
    assert table.change("SEA", price_amount="14").status_code == 200  # typed again, it is a decision
    assert price("SEA") == (1400, None)


def test_two_editors_with_the_same_table(manager: Client, mug: ProductPage) -> None:
    other = member("other@example.com", permissions=PRICE_AND_STOCK)
    first, second = Table(manager, mug), Table(other, mug)
    assert first.change("SEA", barcode="111", option_0="Ocean").status_code == 200
    refused = second.post(
        {second.field("SEA", "barcode"): "222", second.field("CHALK", "barcode"): "333"},
        without=(second.field("SEA", "active"),),
    )
    assert refused.status_code == 422
    assert messages(refused) == [
        "SEA, Barcode: Somebody else has stored “111” here meanwhile, and that is shown now. You had typed “222”."
    ]
    assert list(mug.variants.values_list("barcode", "active")) == [("", True), ("111", True)]
    second.fields = Table.read(refused.content.decode())
    assert status(second.post()) == "Saved: CHALK, SEA."
    assert list(mug.variants.values_list("barcode", "active")) == [("333", True), ("111", False)]
    assert Variant.objects.get(sku="SEA").options == [["Colour", "Ocean"]]


@pytest.mark.parametrize(
    ("name", "stored", "typed", "message"),
    [
        ("active", False, "", ""),  # both unticked it
        (
            "weight",
            5,
            "",
            "SEA, Weight, g: Somebody else has stored “5” here meanwhile, and that is shown now. "
            "You had typed nothing.",
        ),
        (
            "weight",
            5,
            "heavy",
            "SEA, Weight, g: Somebody else has stored “5” here meanwhile, and that is shown now. "
            "You had typed “heavy”.",
        ),
    ],
)
def test_stale_cells_of_all_kinds(
    manager: Client, mug: ProductPage, name: str, stored: Any, typed: str, message: str
) -> None:
    Variant.objects.filter(sku="SEA").update(weight=1)
    table = Table(manager, mug)
    Variant.objects.filter(sku="SEA").update(**{name: stored})
    response = table.change("SEA", **{name: typed})
    assert [found for found in messages(response) if "Somebody" in found] == ([message] if message else [])
    assert getattr(Variant.objects.get(sku="SEA"), name) == stored


def test_other_fields_keep_what_somebody_else_has_stored(manager: Client, mug: ProductPage) -> None:
    table = Table(manager, mug)
    inventory.reserve({"SEA": 2})
    inventory.commit_sale({"SEA": 2}, "C-1")
    set_price(variant=Variant.objects.get(sku="SEA"), amount=1111, currency="GBP")
    Variant.objects.filter(sku="SEA").update(weight=77)
    assert table.change("SEA", barcode="123").status_code == 200
    variant = Variant.objects.get(sku="SEA")
    assert (variant.barcode, variant.weight, price("SEA"), on_hand("SEA")) == ("123", 77, (1111, None), 2)


def test_an_option_that_somebody_else_has_added_stays(manager: Client, mug: ProductPage) -> None:
    table = Table(manager, mug)
    for variant in mug.variants.all():
        variant.options = [*variant.options, ["Size", "Small"], ["Handle", "Left"]]
        variant.save()
    assert table.change("SEA", barcode="123").status_code == 200
    assert Variant.objects.get(sku="SEA").options == [["Colour", "Sea"], ["Size", "Small"], ["Handle", "Left"]]


def test_stock_that_was_sold_meanwhile_is_not_counted_over(manager: Client, mug: ProductPage) -> None:
    table = Table(manager, mug)
    inventory.reserve({"SEA": 1})
    inventory.commit_sale({"SEA": 1}, "C-1")
    assert table.change("SEA", stock_on_hand="4", shared__stock_reason="x").status_code == 200  # unchanged on screen
    response = table.change("SEA", stock_on_hand="9", shared__stock_reason="Counted")
    assert response.status_code == 422
    assert on_hand("SEA") == 3
