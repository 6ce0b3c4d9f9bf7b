"""The list of all products in the admin."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shop.catalog.models import ProductPage
from shop.catalog.tests.factories import BrandFactory, CategoryPageFactory
from tests.factories import add_variant, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]
ADDRESS = "/admin/products/"


@pytest.fixture
def products(home_page: object) -> list[ProductPage]:
    mugs, plates = CategoryPageFactory(title="Mugs"), CategoryPageFactory(title="Plates")
    orwell = BrandFactory(name="Orwell")
    mug = make_product(title="Stoneware mug", parent=mugs, brand=orwell, sku="MUG-1", price=1250)
    add_variant(mug, sku="MUG-2", options=[("Size", "Large")], price=1500)
    plate = make_product(title="Stoneware plate", parent=plates, sku="PLATE", price=900, stock=0)
    draft = make_product(title="Jug", parent=mugs, brand=orwell, sku="JUG", price=None, live=False)
    return [mug, plate, draft]


def titles(client: Client, query: str = "") -> list[str]:
    response: Any = client.get(f"{ADDRESS}?{query}")
    assert response.status_code == 200
    return [page.title for page in response.context["pages"]]


def test_every_product_wherever_it_stands(admin_client: Client, products: list[ProductPage]) -> None:
    text = admin_client.get(ADDRESS).content.decode()
    for words in (
        "Stoneware mug",
        "Stoneware plate",
        "Jug",
        "from £12.50",
        "£9.00",
        "In stock",
        "Sold out",
        "No price",
    ):
        assert words in text, words
    assert "/admin/products/choose_parent/" in text, "the way to a new one"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sku=mug-2", ["Stoneware mug"]),
        ("available=true", ["Stoneware mug"]),
        ("available=false", ["Jug", "Stoneware plate"]),
        ("ordering=listing__price", None),
        ("ordering=-brand__name", None),
        ("brand=999999999999999999999999999999", None),
        ("sku=%22", []),
    ],
)
@pytest.mark.parametrize("search", ["", "q=stoneware&"])
def test_filters_and_orders_with_and_without_search(
    search: str, query: str, expected: list[str] | None, admin_client: Client, products: list[ProductPage]
) -> None:
    found = titles(admin_client, search + query)
    if expected is not None:
        assert sorted(found) == [title for title in expected if not search or "Stoneware" in title]


def test_by_brand(admin_client: Client, products: list[ProductPage]) -> None:
    assert sorted(titles(admin_client, f"brand={products[0].brand_id}")) == ["Jug", "Stoneware mug"]


def test_in_the_order_of_prices(admin_client: Client, products: list[ProductPage]) -> None:
    found = titles(admin_client, "ordering=-listing__price")
    assert found.index("Stoneware mug") < found.index("Stoneware plate")


def test_queries_do_not_grow(admin_client: Client, products: list[ProductPage]) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            admin_client.get(ADDRESS)
        return len(queries)

    count()
    few = count()
    for number in range(8):
        make_product(title=f"Cup {number}", parent=products[0].get_parent(), brand=BrandFactory())
    assert count() == few


def test_not_for_everybody(client: Client, home_page: object, django_user_model: Any) -> None:
    client.force_login(django_user_model.objects.create_user(email="ann@example.com", password="x"))
    assert client.get(ADDRESS).status_code == 302
