"""Product rails: the right products, and the same number of queries for few and for many."""

from typing import Any

import pytest
from wagtail.models import PageViewRestriction

from cms.references import load_stream
from home import rails
from home.models import ContentPage, HomePage
from home.tests.factories import ContentPageFactory, body
from shop.catalog.models import CategoryPage, ProductPage
from shop.catalog.tests.factories import CategoryPageFactory, ProductImageFactory
from tests.content.samples import full_body
from tests.factories import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def by_hand(*products: ProductPage, limit: int = 24) -> tuple[str, dict[str, Any]]:
    return ("product_rail", {"heading": "H", "source": "hand", "products": [p.pk for p in products], "limit": limit})


def of_category(category: CategoryPage, limit: int = 24) -> tuple[str, dict[str, Any]]:
    return ("product_rail", {"heading": "C", "source": "category", "category": category.pk, "limit": limit})


def shown(*blocks: tuple[str, dict[str, Any]]) -> list[list[str]]:
    """Titles of the cards of each rail."""
    page = ContentPage.objects.get(pk=ContentPageFactory(body=body(*blocks)).pk)
    load_stream(page.body)
    rails.fill(page.body)
    together = [[card.title for card in block.value.cards] for block in page.body]
    alone = [[card.title for card in rails.cards_of(block.value)] for block in page.body]
    assert together == alone
    return together


@pytest.fixture
def category(home_page: HomePage) -> CategoryPage:
    return CategoryPageFactory(title="Tableware")


def test_in_the_editors_order(category: CategoryPage) -> None:
    mug, plate, bowl = (make_product(title=title, parent=category) for title in ("Mug", "Plate", "Bowl"))
    assert shown(by_hand(bowl, mug, plate), by_hand(plate, bowl, mug, limit=2)) == [
        ["Bowl", "Mug", "Plate"],
        ["Plate", "Bowl"],
    ]


def test_what_is_not_public_is_left_out(category: CategoryPage) -> None:
    mug, plate, gone = (make_product(title=title, parent=category) for title in ("Mug", "Plate", "Gone"))
    block = by_hand(mug, plate, gone)
    ProductPage.objects.get(pk=plate.pk).unpublish()
    ProductPage.objects.get(pk=gone.pk).delete()
    assert shown(block) == [["Mug"]]


def test_the_newest_of_a_category_and_of_those_below(category: CategoryPage) -> None:
    cups, elsewhere = CategoryPageFactory(title="Cups", parent=category), CategoryPageFactory(title="Garden")
    make_product(title="Mug", parent=cups)
    make_product(title="Plate", parent=category)
    make_product(title="Trowel", parent=elsewhere)
    also = make_product(title="Jug", parent=elsewhere)
    also.further_categories.add(category)
    also.save()
    assert shown(of_category(category), of_category(category, limit=2), of_category(cups)) == [
        ["Jug", "Plate", "Mug"],
        ["Jug", "Plate"],
        ["Mug"],
    ]


def test_private_products_are_not_advertised(category: CategoryPage) -> None:
    make_product(title="Mug", parent=category)
    trade = CategoryPageFactory(title="Trade", parent=category)
    make_product(title="Crate of mugs", parent=trade)
    PageViewRestriction.objects.create(page=trade, restriction_type="login")
    assert shown(of_category(category)) == [["Mug"]]


def test_the_preview_shows_the_newest(category: CategoryPage) -> None:
    for title in ("Mug", "Plate", "Bowl"):
        make_product(title=title, parent=category)
    assert [card.title for card in rails.newest_cards(2)] == ["Bowl", "Plate"]


@pytest.mark.parametrize("kind", ["home", "content"])
def test_the_budget_of_a_full_page(kind: str, category: CategoryPage, home_page: HomePage, query_budget: Any) -> None:
    """At most 12 warm, and the same for 6 and for 24 products."""
    products = [make_product(title=f"Product {number}", parent=category) for number in range(24)]
    ProductImageFactory(page=products[0])
    page = HomePage.objects.get() if kind == "home" else ContentPageFactory(slug="about")
    url = "/" if kind == "home" else "/about/"

    def cost(number: int) -> int:
        page.body = full_body(products[0], category) + body(by_hand(*products[:number]), of_category(category, number))
        page.save()
        response = query_budget(url, at_most=12)
        assert response.content.decode().count("Product 23") >= 1
        return int(response.query_count)

    assert cost(6) == cost(24)


def test_more_blocks_cost_no_more(category: CategoryPage, home_page: HomePage, query_budget: Any) -> None:
    product = make_product(parent=category)
    page = HomePage.objects.get()

    def cost(times: int) -> int:
        page.body = [
            block for _ in range(times) for block in full_body(product, category) if "category" not in str(block)
        ]
        page.save()
        return int(query_budget("/", at_most=12).query_count)

    assert cost(1) == cost(5)
