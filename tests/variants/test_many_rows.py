"""The variants' table with many rows: pages, filter, changed cells only, combinations."""

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from shop.catalog.models import ListingRow, ProductPage, Variant
from shop.catalog.tests.factories import ProductPageFactory
from shop.catalog.variant_generator import GeneratorForm
from shop.inventory.models import StockItem, StockMovement
from shop.pricing.models import Price
from shop.pricing.selectors import current_quotes
from tests.factories import add_combinations, add_variant
from tests.variants.table import FETCH, PRICE_AND_STOCK, member, messages, status

pytestmark = [pytest.mark.django_db, pytest.mark.database]

SHADES = [f"Shade {number}" for number in range(30)]


@pytest.fixture
def rug(home_page: Page) -> ProductPage:
    """60 variants, ``rug-0`` to ``rug-59``, at 12.50 with 5 on hand."""
    page = ProductPageFactory(title="Rug", slug="rug")
    add_combinations(page, Colour=SHADES, Size=["Small", "Large"])
    return page


def address(product: ProductPage, query: str = "") -> str:
    return reverse("catalog_variants", args=[product.pk]) + query


def skus(response: Any) -> list[str]:
    soup = BeautifulSoup(response.content, "html.parser")
    return [
        str(item["value"])
        for item in soup.select("tbody td[data-name=sku] input:not([type=hidden])")
        if item.get("value")
    ]


def change(
    client: Client, product: ProductPage, cells: list[tuple[str, str, str, str]], query: str = "", **shared: str
) -> Any:
    """Post cells as the script does: SKU, field, what was typed, what was seen."""
    ids = dict(Variant.objects.filter(product=product).values_list("sku", "pk"))
    changes = [[f"v{ids[sku]}-{name}", typed, seen] for sku, name, typed, seen in cells]
    data = {"changes": json.dumps(changes), "new_rows": "0"} | {f"shared-{key}": value for key, value in shared.items()}
    return client.post(address(product, query), data, headers=FETCH)


def price(sku: str) -> int:
    pk = Variant.objects.get(sku=sku).pk
    return current_quotes([pk])[pk].amount


def test_rows_come_in_pages(manager: Client, rug: ProductPage) -> None:
    first = manager.get(address(rug))
    assert skus(first) == [f"rug-{number}" for number in range(50)]
    soup = BeautifulSoup(first.content, "html.parser")
    assert [(link.get_text(), link["href"]) for link in soup.select(".variants-panel__pages a")] == [
        ("2", address(rug, "?page=2"))
    ]
    assert skus(manager.get(address(rug, "?page=2"))) == [f"rug-{number}" for number in range(50, 60)]


@pytest.mark.parametrize("page", ["", "0", "-1", "x", "²", "99999999999999999999", "3"])
def test_any_page_number_shows_some_page(manager: Client, rug: ProductPage, page: str) -> None:
    assert len(skus(manager.get(address(rug, f"?page={page}")))) in (10, 50)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=rug-17", ["rug-17"]),
        ("?q=SHADE+29+large", ["rug-29", "rug-59"]),
        ("?o0=Shade+3", ["rug-6", "rug-7"]),
        ("?o0=Shade+3&o1=Large", ["rug-7"]),
        ("?o0=Nobody", []),
        ("?q=%00%ff", []),
    ],
)
def test_rows_are_found_by_sku_and_option(manager: Client, rug: ProductPage, query: str, expected: list[str]) -> None:
    response = manager.get(address(rug, query))
    assert response.status_code in (200, 400)
    if response.status_code == 200:
        assert skus(response) == expected


def test_only_changed_cells_are_sent_and_stored(
    manager: Client, rug: ProductPage, django_capture_on_commit_callbacks: Any
) -> None:
    Variant.objects.filter(sku="rug-55").update(barcode="somebody else's")
    with django_capture_on_commit_callbacks(execute=True):
        response = change(manager, rug, [("rug-55", "price_amount", "14", "12.50"), ("rug-3", "weight", "200", "")])
    assert status(response) == "Saved: rug-3, rug-55."
    assert (price("rug-55"), price("rug-54"), Variant.objects.get(sku="rug-3").weight) == (1400, 1250, 200)
    assert Variant.objects.get(sku="rug-55").barcode == "somebody else's"
    assert ListingRow.objects.get(pk=rug.pk).price_highest == 1400


def test_a_tick_is_a_cell_too(manager: Client, rug: ProductPage) -> None:
    assert status(change(manager, rug, [("rug-7", "active", "", "True")])) == "Saved: rug-7."
    assert not Variant.objects.get(sku="rug-7").active
    assert status(change(manager, rug, [("rug-7", "active", "on", "False")])) == "Saved: rug-7."
    assert Variant.objects.get(sku="rug-7").active


def test_a_refused_cell_of_another_page_is_shown(manager: Client, rug: ProductPage) -> None:
    response = change(manager, rug, [("rug-3", "weight", "200", ""), ("rug-57", "price_amount", "cheap", "12.50")])
    assert response.status_code == 422
    assert messages(response) == ["rug-57, Price, GBP: 'cheap' is not an amount of money. Write it like 12.50."]
    assert skus(response) == ["rug-57"]
    assert Variant.objects.get(sku="rug-3").weight is None
    here = change(manager, rug, [("rug-57", "price_amount", "cheap", "12.50")], "?page=2")
    assert skus(here) == [f"rug-{number}" for number in range(50, 60)]


def test_a_stale_cell_among_many_says_what_is_stored(manager: Client, rug: ProductPage) -> None:
    Variant.objects.filter(sku="rug-9").update(weight=111)
    cells = [(f"rug-{number}", "weight", "300", "") for number in range(60)]
    response = change(manager, rug, cells)
    assert response.status_code == 422
    assert messages(response) == [
        "rug-9, Weight, g: Somebody else has stored “111” here meanwhile, and that is shown now. You had typed “300”."
    ]
    assert not Variant.objects.filter(weight=300).exists()
    [stale] = BeautifulSoup(response.content, "html.parser").select("[data-stale]")
    assert stale["value"] == "111"
    cells.remove(("rug-9", "weight", "300", ""))
    assert change(manager, rug, cells).status_code == 200
    assert Variant.objects.filter(weight=300).count() == 59


def test_skus_and_options_of_rows_elsewhere_count(manager: Client, rug: ProductPage) -> None:
    response = change(manager, rug, [("rug-0", "sku", "rug-59", "rug-0")])
    assert messages(response) == ["rug-0, SKU: Another row has the same SKU."]
    response = change(manager, rug, [("rug-0", "option_0", "Shade 29", "Shade 0")])
    assert messages(response) == [
        "rug-0, Option 1: The same options as rug-58: Shade 29, Small. Shoppers could not tell them apart."
    ]


def test_an_option_is_renamed_for_rows_that_are_not_shown(manager: Client, rug: ProductPage) -> None:
    data = {"changes": "[]", "new_rows": "0", "names-name_0": "Glaze", "initial-names-name_0": "Colour"}
    assert manager.post(address(rug), data, headers=FETCH).status_code == 200
    assert Variant.objects.get(sku="rug-59").options == [["Glaze", "Shade 29"], ["Size", "Large"]]
    assert {variant.options[0][0] for variant in rug.variants.all()} == {"Glaze"}


@pytest.mark.parametrize(
    "changes",
    ["", "[", "{}", "1", '"x"', "[[1,2,3]]", '[["v1-sku"]]', '[["a","b","c","d"]]', "[" * 5000, '[["v1-sku",null,""]]'],
)
def test_rubbish_changes_are_refused_in_words(manager: Client, rug: ProductPage, changes: str) -> None:
    response = manager.post(address(rug), {"changes": changes}, headers=FETCH)
    if changes == "{}":  # no changes
        assert response.status_code == 200
        return
    assert response.status_code == 422
    assert messages(response) == ["The changes could not be read. Reload the page and try again."]


def test_cells_of_strangers_are_left_alone(manager: Client, rug: ProductPage) -> None:
    other = ProductPageFactory(title="Mat")
    stranger = add_variant(other, sku="MAT")
    changes = [[f"v{stranger.pk}-weight", "9", ""], ["v99999999999999999999999-weight", "9", ""], ["x", "y", "z"]]
    response = manager.post(address(rug), {"changes": json.dumps(changes)}, headers=FETCH)
    assert response.status_code == 200
    stranger.refresh_from_db()
    assert stranger.weight is None


def test_the_values_of_further_rows_come_as_data(manager: Client, rug: ProductPage) -> None:
    response = manager.get(address(rug, "?q=large&cells=price_amount&cells=active&cells=nonsense"), headers=FETCH)
    rows = response.json()["rows"]
    assert len(rows) == 30
    assert rows[0] == [Variant.objects.get(sku="rug-1").pk, ["12.50", "True", ""]]
    editor = member("editor@example.com")
    hidden = editor.get(address(rug, "?cells=price_amount&cells=sku"), headers=FETCH).json()["rows"][0][1]
    assert hidden == ["", "rug-0"]


# As many rows as there may be


@pytest.fixture
def large(home_page: Page) -> ProductPage:
    page = ProductPageFactory(title="Carpet", slug="carpet")
    values = [f"{number}" for number in range(20)]
    add_combinations(page, Colour=values, Length=values, Edge=["A", "B", "C", "D", "E"])
    return page


def test_two_thousand_rows_are_saved_with_few_queries(
    manager: Client,
    large: ProductPage,
    django_assert_max_num_queries: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    numbers = range(2_000)
    cells = [(f"carpet-{number}", "price_amount", "20", "12.50") for number in numbers]
    cells += [(f"carpet-{number}", "weight", "750", "") for number in numbers]
    with django_assert_max_num_queries(175), django_capture_on_commit_callbacks(execute=True):
        response = change(manager, large, cells, price_reason="New list")
    assert status(response).endswith("and 1,980 more.")
    assert Price.objects.filter(amount=2000).count() == 2_000
    assert Variant.objects.filter(weight=750).count() == 2_000
    assert ListingRow.objects.get(pk=large.pk).price == 2000


def test_the_stock_of_two_thousand_rows_goes_into_the_ledger(
    manager: Client,
    large: ProductPage,
    django_assert_max_num_queries: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    StockItem.objects.filter(sku="carpet-7").update(reserved=3)
    cells = [(f"carpet-{number}", "stock_on_hand", "8", "5") for number in range(2_000)]
    cells += [(f"carpet-{number}", "stock_reorder_point", "2", "") for number in range(0, 2_000, 2)]
    with django_assert_max_num_queries(175), django_capture_on_commit_callbacks(execute=True):
        response = change(manager, large, cells, stock_reason="Counted")
    assert status(response).endswith("and 1,980 more.")
    assert StockItem.objects.filter(on_hand=8).count() == 2_000
    assert StockItem.objects.filter(reorder_point=2).count() == 1_000
    assert StockMovement.objects.filter(reason="Counted", quantity=3, kind="adjustment").count() == 2_000
    refused = change(
        manager, large, [(sku, name, "2", "8") for sku, name, _, seen in cells if seen], stock_reason="Oops"
    )
    assert refused.status_code == 422
    assert messages(refused) == ["carpet-7, On hand: carpet-7: 2 units, but 3 are reserved for open orders."]
    assert StockItem.objects.filter(on_hand=8).count() == 2_000


def test_a_product_has_two_thousand_variants_at_most(manager: Client, large: ProductPage) -> None:
    response = manager.post(address(large), {"n0-sku": "ONE-MORE", "n0-option_0": "X", "new_rows": "1"}, headers=FETCH)
    assert messages(response) == ["New variant, SKU: A product has at most 2,000 variants; this one has 2,000 already."]


# Combinations


def generate(client: Client, product: ProductPage, **data: str) -> Any:
    return client.post(reverse("catalog_variants_generate", args=[product.pk]), {"sku_prefix": "MAT", **data})


def test_every_combination_is_made_once(manager: Client, home_page: Page) -> None:
    mat = ProductPageFactory(title="Mat", slug="mat")
    add_variant(mat, sku="OWN", options=[("Size", "L"), ("Colour", "Sea")], position=4)
    add_variant(ProductPageFactory(title="Rival"), sku="MAT-CHALK-S")
    data = {"name_0": "Colour", "values_0": "Chalk, Sea\nSea", "name_1": "Size", "values_1": "S;L"}
    response = generate(manager, mat, **data)
    assert response.status_code == 302
    assert list(mat.variants.values_list("sku", "options", "position")) == [
        ("OWN", [["Size", "L"], ["Colour", "Sea"]], 4),
        ("MAT-CHALK-S-2", [["Colour", "Chalk"], ["Size", "S"]], 5),
        ("MAT-CHALK-L", [["Colour", "Chalk"], ["Size", "L"]], 6),
        ("MAT-SEA-S", [["Colour", "Sea"], ["Size", "S"]], 7),
    ]
    generate(manager, mat, **data)
    assert mat.variants.count() == 4


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "Give at least one option and its values."),
        ({"values_0": "A"}, "What are these values called? Colour, Size…"),
        ({"name_0": "A", "values_0": "x", "name_1": "a", "values_1": "y"}, "Two options have the same name."),
        ({"name_0": "A", "values_0": "x" * 121}, "A value has at most 120 characters."),
        ({"name_0": "A", "values_0": "x", "sku_prefix": ""}, "This field is required."),
        (
            {
                f"{kind}_{slot}": f"O{slot}" if kind == "name" else ",".join(map(str, range(1000)))
                for slot in range(3)
                for kind in ("name", "values")
            },
            "That would be 1,000,000,000 variants; a product has at most 2,000. Leave out some values.",
        ),
    ],
)
def test_what_cannot_be_made_is_explained(manager: Client, home_page: Page, data: dict[str, str], message: str) -> None:
    mat = ProductPageFactory(title="Mat", slug="mat")
    response = generate(manager, mat, **data)
    assert response.status_code == 200
    found = BeautifulSoup(response.content, "html.parser").select(".variants__error")
    assert message in [item.get_text() for item in found]
    assert not mat.variants.exists()


def test_two_thousand_combinations_at_once(
    manager: Client, home_page: Page, django_assert_max_num_queries: Any
) -> None:
    mat = ProductPageFactory(title="Mat", slug="mat")
    numbers = ",".join(str(number) for number in range(20))
    with django_assert_max_num_queries(60):
        generate(
            manager,
            mat,
            name_0="A",
            values_0=numbers,
            name_1="B",
            values_1=numbers,
            name_2="言",
            values_2="言,葉,a,b,c",
        )
    assert mat.variants.count() == 2_000


def test_combinations_are_for_those_who_may_edit_the_page(home_page: Page) -> None:
    mat = ProductPageFactory(title="Mat", slug="mat")
    url = reverse("catalog_variants_generate", args=[mat.pk])
    assert member("prices@example.com", pages=False, permissions=PRICE_AND_STOCK).get(url).status_code in (302, 403)
    assert member("editor@example.com").get(url).status_code == 200
    assert Client().get(url).status_code == 302


@pytest.mark.parametrize(
    ("skus", "beginning"),
    [
        (["IR-TOWEL-OAT-H", "IR-TOWEL-OAT-B", "IR-TOWEL-SAG-H"], "IR-TOWEL"),
        (["IR-TOWEL-OAT"], "IR-TOWEL"),
        (["TOWEL"], "TOWEL"),
        (["OAT", "SAGE"], "BATH-MAT"),
    ],
)
def test_new_skus_begin_as_the_others_do(home_page: Page, skus: list[str], beginning: str) -> None:
    mat = ProductPageFactory(title="Bath mat", slug="mat")
    for sku in skus:
        add_variant(mat, sku=sku, options=[("Colour", sku)])
    assert GeneratorForm(product=mat)["sku_prefix"].initial == beginning
