"""Variants, prices and stock on the product's screen in the admin."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageLogEntry

from shop.catalog.models import ProductPage, Variant
from shop.catalog.tests.factories import ImageFactory, ProductImageFactory, ProductPageFactory
from shop.inventory import services as inventory
from shop.inventory.models import StockItem, StockMovement
from shop.pricing.models import Price
from tests.factories import add_variant, make_product
from tests.variants.table import FETCH, Table, messages, on_hand, price, status

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_the_table_shows_what_is_stored(manager: Client, mug: ProductPage) -> None:
    table = Table(manager, mug)
    assert table.fields["names-name_0"] == "Colour"
    seen = {name: table.fields[table.field("CHALK", name)] for name in ("option_0", "sku", "weight")}
    assert seen == {"option_0": "Chalk", "sku": "CHALK", "weight": "340"}
    assert table.fields[table.field("CHALK", "price_amount")] == "12.00"
    assert table.fields[table.field("CHALK", "stock_on_hand")] == "10"


def test_posting_it_back_changes_nothing(manager: Client, mug: ProductPage) -> None:
    rows = (Price.objects.count(), StockMovement.objects.count(), Variant.objects.count())
    response = Table(manager, mug).post()
    assert (response.status_code, status(response)) == (200, "Nothing was changed.")
    assert (Price.objects.count(), StockMovement.objects.count(), Variant.objects.count()) == rows
    assert not PageLogEntry.objects.filter(action="catalog.variants").exists()


def test_a_price_is_appended(manager: Client, mug: ProductPage) -> None:
    response = Table(manager, mug).change(
        "SEA", price_amount="£11.50", price_compare_at="13", shared__price_reason="Summer"
    )
    assert status(response) == "Saved: SEA."
    assert price("SEA") == (1150, 1300)
    row = Price.objects.order_by("-pk")[0]
    assert (row.reason, row.created_by.email) == ("Summer", "manager@example.com")  # type: ignore[union-attr]
    assert row.variant.prices.count() == 2
    entry = PageLogEntry.objects.get(action="catalog.variants")
    assert entry.data == {"skus": ["SEA"]}
    assert entry.message == "Variants, prices or stock changed: SEA"


def test_a_price_may_start_later(manager: Client, mug: ProductPage) -> None:
    begins = timezone.localtime(timezone.now() + timedelta(days=3)).replace(second=0, microsecond=0)
    table = Table(manager, mug)
    response = table.change("SEA", price_amount="9", shared__price_starts_at=begins.strftime("%Y-%m-%dT%H:%M"))
    assert response.status_code == 200
    assert price("SEA") == (1300, None)
    assert Price.objects.get(amount=900).valid_from == begins
    assert "£9.00 from" in response.content.decode()
    past = (begins - timedelta(days=9)).strftime("%Y-%m-%dT%H:%M")
    refused = table.change("SEA", price_amount="8", shared__price_starts_at=past)
    assert messages(refused) == ["That is over. Leave it empty to start at once."]


def test_a_sale_ends_by_itself(manager: Client, mug: ProductPage) -> None:
    begins = timezone.localtime(timezone.now() + timedelta(days=3)).replace(second=0, microsecond=0)
    typed = {
        "shared__price_starts_at": begins.strftime("%Y-%m-%dT%H:%M"),
        "shared__price_ends_at": (begins + timedelta(days=4)).strftime("%Y-%m-%dT%H:%M"),
    }
    response = Table(manager, mug).change("SEA", price_amount="9", price_compare_at="13", **typed)
    assert status(response) == "Saved: SEA."
    rows = Variant.objects.get(sku="SEA").prices.order_by("valid_from").values_list("amount", "valid_from")
    assert list(rows)[1:] == [(900, begins), (1300, begins + timedelta(days=4))]
    typed["shared__price_ends_at"] = typed["shared__price_starts_at"]
    refused = Table(manager, mug).change("SEA", price_amount="8", **typed)
    assert messages(refused) == ["SEA, Price, GBP: The sale must end after it begins."]


def test_the_table_says_what_shoppers_see_struck_through(manager: Client, mug: ProductPage) -> None:
    response = Table(manager, mug).change("SEA", price_amount="9", price_compare_at="20")
    assert "struck through: £13.00, the lowest of the 30 days before" in response.content.decode()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"price_amount": "12.505"},
            "SEA, Price, GBP: '12.505' has more than 2 decimal places, the most that GBP has.",
        ),
        ({"price_amount": "cheap"}, "SEA, Price, GBP: 'cheap' is not an amount of money. Write it like 12.50."),
        ({"price_amount": "-1"}, "SEA, Price, GBP: A price is at least 0."),
        ({"price_amount": ""}, "SEA, Price, GBP: To stop selling it, untick Active."),
        ({"price_compare_at": "13.00"}, "SEA, Compare at: The compare-at price must be higher than the price."),
        ({"stock_on_hand": "-1", "shared__stock_reason": "x"}, "SEA, On hand: Stock of SEA cannot fall below 0."),
        ({"stock_on_hand": ""}, "SEA, On hand: How many are there? Give a number, or untick Counted."),
        ({"stock_on_hand": "many"}, "SEA, On hand: Enter a whole number."),
        ({"stock_on_hand": "5"}, "Say why stock changes: it goes into the ledger."),
        ({"sku": ""}, "SEA, SKU: This field is required."),
        ({"sku": "CHALK"}, "SEA, SKU: Another row has the same SKU."),
        ({"sku": "TAKEN"}, "SEA, SKU: TAKEN is the SKU of “Bowl” already."),
        ({"option_0": "Chalk"}, "SEA, Option 1: The same options as CHALK: Chalk. Shoppers could not tell them apart."),
        ({"option_1": "Large"}, "SEA, Option 1: An option with a value needs a name."),
        ({"weight": "-4"}, "SEA, Weight, g: Ensure this value is greater than or equal to 0."),
    ],
)
def test_what_may_not_be_is_explained_and_nothing_is_stored(
    manager: Client, mug: ProductPage, values: dict[str, str], message: str
) -> None:
    make_product(title="Bowl", sku="TAKEN")
    table = Table(manager, mug)
    response = table.post(
        {
            table.field("CHALK", "weight"): "999",
            table.field("CHALK", "price_amount"): "99",
            **{
                (f"shared-{name[8:]}" if name.startswith("shared__") else table.field("SEA", name)): value
                for name, value in values.items()
            },
        }
    )
    assert response.status_code == 422
    assert messages(response) == [message]
    assert status(response) == "Nothing was saved: see the messages above."
    assert Variant.objects.get(sku="CHALK").weight == 340
    assert (price("CHALK"), price("SEA"), on_hand("SEA")) == ((1200, None), (1300, None), 4)
    assert 'value="99"' in response.content.decode()


def test_all_messages_come_at_once(manager: Client, mug: ProductPage) -> None:
    table = Table(manager, mug)
    response = table.post(
        {
            table.field("CHALK", "price_compare_at"): "1",
            table.field("SEA", "stock_on_hand"): "9",
            table.field("SEA", "sku"): "",
        }
    )
    assert len(messages(response)) == 3


def test_stock_goes_into_the_ledger(manager: Client, mug: ProductPage) -> None:
    Table(manager, mug).change("SEA", stock_on_hand="9", shared__stock_reason="Counted")
    assert on_hand("SEA") == 9
    line = StockMovement.objects.order_by("-pk")[0]
    assert (line.kind, line.quantity, line.reason) == ("adjustment", 5, "Counted")
    assert line.created_by.email == "manager@example.com"  # type: ignore[union-attr]


def test_reserved_units_are_shown_and_cannot_be_counted_away(manager: Client, mug: ProductPage) -> None:
    inventory.reserve({"SEA": 3})
    table = Table(manager, mug)
    assert "3 reserved" in manager.get(table.url).content.decode()
    response = table.change("SEA", stock_on_hand="2", shared__stock_reason="Counted")
    assert messages(response) == [
        "SEA, On hand: 3 of SEA are reserved for open orders, so 2 cannot be all that is left."
    ]


def test_counting_may_stop_and_start(manager: Client, mug: ProductPage) -> None:
    table = Table(manager, mug)
    table.post(without=(table.field("SEA", "stock_tracked"),))
    assert not StockItem.objects.get(sku="SEA").tracked
    inventory.reserve({"SEA": 50})
    inventory.commit_sale({"SEA": 50}, "C-1")
    table = Table(manager, mug)
    refused = table.change("SEA", stock_tracked="on", stock_on_hand="-1", shared__stock_reason="x")
    assert refused.status_code == 422
    assert table.change("SEA", stock_tracked="on", stock_on_hand="6", shared__stock_reason="x").status_code == 200
    item = StockItem.objects.get(sku="SEA")
    assert (item.on_hand, item.tracked) == (6, True)


def test_a_new_variant_with_price_and_stock(manager: Client, mug: ProductPage) -> None:
    response = Table(manager, mug).post(
        {
            "n0-option_0": "Rust",
            "n0-sku": "RUST",
            "n0-barcode": "4006381333931",
            "n0-price_amount": "14",
            "n0-stock_on_hand": "7",
            "n0-weight": "350",
        }
    )
    assert status(response) == "Saved: RUST."
    variant = mug.variants.get(sku="RUST")
    assert (variant.options, variant.barcode, variant.weight, variant.position) == (
        [["Colour", "Rust"]],
        "4006381333931",
        350,
        2,
    )
    assert (price("RUST"), on_hand("RUST")) == ((1400, None), 7)
    assert StockMovement.objects.get(item__sku="RUST").kind == "opening"


def test_several_new_variants_at_once(manager: Client, mug: ProductPage) -> None:
    Table(manager, mug).post(
        {
            "new_rows": "3",
            "n0-sku": "A",
            "n0-option_0": "A",
            "n2-sku": "C",
            "n2-option_0": "C",
            "n2-active": "on",
            "initial-n2-active": "True",
        }
    )
    assert set(mug.variants.values_list("sku", flat=True)) == {"CHALK", "SEA", "A", "C"}


@pytest.mark.parametrize("count", ["", "abc", "-1", "9999999", "²"])
def test_any_number_of_new_rows_is_survived(manager: Client, mug: ProductPage, count: str) -> None:
    assert Table(manager, mug).post({"new_rows": count}).status_code == 200


def test_a_first_variant(manager: Client, home_page: Page) -> None:
    teapot = ProductPageFactory(title="Teapot")
    table = Table(manager, teapot)
    assert "There is nothing to buy yet." in manager.get(table.url).content.decode()
    table.post({"n0-sku": "TEAPOT", "n0-price_amount": "40"})
    variant = teapot.variants.get()
    assert (variant.options, variant.active, price("TEAPOT")) == ([], True, (4000, None))


def test_deactivating(manager: Client, mug: ProductPage) -> None:
    table = Table(manager, mug)
    table.post(without=(table.field("SEA", "active"),))
    assert not Variant.objects.get(sku="SEA").active


def test_options_are_added_renamed_and_dropped_for_all(manager: Client, mug: ProductPage) -> None:
    table = Table(manager, mug)
    table.post(
        {
            "names-name_0": "Glaze",
            "names-name_1": "Size",
            table.field("CHALK", "option_1"): "Small",
            table.field("SEA", "option_1"): "Large",
        }
    )
    assert list(mug.variants.values_list("options", flat=True)) == [
        [["Glaze", "Chalk"], ["Size", "Small"]],
        [["Glaze", "Sea"], ["Size", "Large"]],
    ]
    table = Table(manager, mug)
    table.post({table.field("CHALK", "option_0"): "", table.field("SEA", "option_0"): "", "names-name_0": ""})
    assert list(mug.variants.values_list("options", flat=True)) == [[["Size", "Small"]], [["Size", "Large"]]]


def test_two_variants_exchange_their_options(manager: Client, mug: ProductPage) -> None:
    table = Table(manager, mug)
    response = table.post({table.field("CHALK", "option_0"): "Sea", table.field("SEA", "option_0"): "Chalk"})
    assert status(response) == "Saved: CHALK, SEA."
    assert Variant.objects.get(sku="CHALK").options == [["Colour", "Sea"]]


def test_stock_follows_a_new_sku_and_stays_where_it_is_reserved(manager: Client, mug: ProductPage) -> None:
    Table(manager, mug).change("SEA", sku="SEA-2", price_amount="15", stock_on_hand="5", shared__stock_reason="Counted")
    assert (price("SEA-2"), on_hand("SEA-2")) == ((1500, None), 5)
    assert not StockItem.objects.filter(sku="SEA").exists()
    inventory.reserve({"CHALK": 1})
    response = Table(manager, mug).change("CHALK", sku="CHALK-2")
    assert messages(response) == ["CHALK, SKU: Stock of CHALK is reserved for open orders (1): it keeps its SKU."]
    assert Variant.objects.filter(sku="CHALK").exists()


def test_a_variants_picture(manager: Client, mug: ProductPage) -> None:
    image = ProductImageFactory(page=mug, image=ImageFactory(title="Sea mug")).image
    other = ImageFactory(title="Somebody else's")
    table = Table(manager, mug)
    table.change("SEA", image=str(image.pk))
    assert Variant.objects.get(sku="SEA").image == image
    table = Table(manager, mug)
    assert table.change("SEA", image=str(other.pk)).status_code == 422
    assert table.change("SEA", image="").status_code == 200
    assert Variant.objects.get(sku="SEA").image is None


def test_a_large_table_costs_no_more_queries_than_a_small_one(
    manager: Client, mug: ProductPage, django_assert_max_num_queries: Any
) -> None:
    url = reverse("catalog_variants", args=[mug.pk])
    manager.get(url, headers=FETCH)
    for number in range(20):
        add_variant(mug, options=[("Colour", f"Shade {number}")])
    with django_assert_max_num_queries(28):
        manager.get(url, headers=FETCH)
