"""Files that shops really have, from outside the repository (``CORNHILL_DATA``)."""

from pathlib import Path
from typing import Any

import pytest
from wagtail.models import Page, ReferenceIndex

from shop.catalog.models import Brand, CategoryPage, ListingRow, ProductPage, Variant
from shop.imports.problems import Kind, Severity
from shop.imports.services import ImportSummary, import_products
from shop.inventory.models import StockItem
from shop.pricing.models import Price
from tests.fixtures.services import data_folder

pytestmark = [pytest.mark.data, pytest.mark.django_db, pytest.mark.usefixtures("home_page")]


def load(name: str) -> ImportSummary:
    folder = data_folder()
    assert folder is not None
    return import_products(path=Path(folder) / name)


def outcomes(summary: ImportSummary) -> dict[str, int]:
    return {outcome.value: number for outcome, number in summary.products.items()}


@pytest.mark.database
def test_apparel(client: Any) -> None:
    summary = load("shopify/apparel.csv")
    assert outcomes(summary) == {"new": 20}
    assert (summary.new_variants, summary.brands, summary.categories, summary.images) == (21, 3, 2, 21)
    assert summary.problems.counts == {Kind.SKU_DERIVED: 21, Kind.IMAGES_NOT_FETCHED: 20}
    gloves = ProductPage.objects.get(slug="gardening-gloves")
    assert list(gloves.variants.values_list("sku", "options")) == [
        ("GARDENING-GLOVES-GREEN", [["Color", "Green"]]),
        ("GARDENING-GLOVES-YELLOW", [["Color", "Yellow"]]),
    ]
    assert Page.find_problems() == ([], [], [], [], [])
    assert client.get("/shop/indoor/floor-lamp/").status_code == 200
    assert outcomes(load("shopify/apparel.csv")) == {"unchanged": 20}


@pytest.mark.database
def test_towels_without_handles(client: Any) -> None:
    summary = load("shopify/towels.csv")
    assert outcomes(summary) == {"new": 118}
    assert (summary.variants, summary.new_variants, summary.complete) == (846, 845, True)
    bamboo = ProductPage.objects.get(title="*New* Bombay Bamboo Bath Towel Collection")
    assert bamboo.url_path.endswith("/shop/bath-towel/new-bombay-bamboo-bath-towel-collection/")
    assert bamboo.variants.count() == 15
    assert Page.find_problems() == ([], [], [], [], [])
    assert client.get("/shop/bath-towel/new-bombay-bamboo-bath-towel-collection/").status_code == 200
    again = load("shopify/towels.csv")
    assert outcomes(again) == {"unchanged": 118}
    assert again.problems.counts == summary.problems.counts


@pytest.mark.database
def test_a_woocommerce_export(client: Any) -> None:
    summary = load("woocommerce/sample_products.csv")
    assert outcomes(summary) == {"new": 13}
    assert (summary.new_variants, summary.categories) == (20, 5)
    # A grouped product and a link to another shop.
    assert summary.problems.counts[Kind.TYPE_NOT_SOLD] == 2
    hoodie = ProductPage.objects.get(title="Hoodie")
    assert hoodie.summary == "This is a variable product."
    assert hoodie.variants.order_by("pk")[0].options == [["Color", "Red"], ["Logo", "No"]]
    assert not ProductPage.objects.get(title="Hoodie with Pocket").live
    assert client.get("/shop/clothing/hoodies/hoodie/").status_code == 200
    assert outcomes(load("woocommerce/sample_products.csv")) == {"unchanged": 13}


def test_6764_real_products(client: Any) -> None:
    summary = load("esci/products.csv.gz")
    assert outcomes(summary) == {"new": 6764}
    assert (summary.new_variants, summary.brands, summary.categories) == (6764, 3298, 2229)
    assert summary.problems.counts == {Kind.NO_PRICE: 4777}
    assert summary.problems.total(Severity.REFUSED) == 0
    assert Price.objects.count() == ListingRow.objects.filter(available=True).count() == 6764 - 4777
    assert StockItem.objects.filter(on_hand=20, tracked=True).count() == Variant.objects.count() == 6764
    assert (Brand.objects.count(), CategoryPage.objects.count()) == (3298, 2230)
    assert Page.find_problems() == ([], [], [], [], [])
    branded = ProductPage.objects.filter(brand__isnull=False).count()
    assert ReferenceIndex.objects.filter(model_path="brand").count() == branded == 6640
    assert next(page.title for page in ProductPage.objects.search("treblab xr500")).startswith("TREBLAB XR500")
    kindle = ProductPage.objects.get(variants__sku="B07CXG6C9W")
    assert client.get(kindle.url).status_code == 200
    assert outcomes(load("esci/products.csv.gz")) == {"unchanged": 6764}
