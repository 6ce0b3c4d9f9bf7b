"""A product with as many variants as one may have, as a shopper meets it."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from wagtail.models import Page

from shop.catalog.models import CategoryPage, ProductPage, Variant
from shop.catalog.tests.factories import CategoryPageFactory, ProductPageFactory
from tests.factories import add_combinations

pytestmark = [pytest.mark.django_db, pytest.mark.database]

# The page may be this large however many variants there are, in bytes before compression.
HTML_MOST = 150_000


@pytest.fixture
def mugs(home_page: Page) -> CategoryPage:
    return CategoryPageFactory(title="Mugs", slug="mugs", parent=home_page)


def numbered(name: str, most: int) -> list[str]:
    return [f"{name} {number}" for number in range(most)]


@pytest.fixture
def rug(mugs: CategoryPage) -> ProductPage:
    page = ProductPageFactory(title="Rug", slug="rug", parent=mugs)
    add_combinations(page, Colour=numbered("Shade", 20), Size=numbered("Size", 50), Edge=["Bound", "Fringed"])
    return page


def test_two_thousand_variants_stay_small_and_cost_no_more_queries(
    query_budget: Callable[..., Any], rug: ProductPage
) -> None:
    cup = ProductPageFactory(title="Cup", slug="cup", parent=CategoryPage.objects.get(slug="mugs"))
    add_combinations(cup, Colour=["Chalk", "Sea"])
    few = query_budget("/mugs/cup/", at_most=8)
    many = query_budget("/mugs/rug/", at_most=8)
    assert len(many.context["offers"]) == 2_000
    assert many.query_count == few.query_count
    assert len(many.content) < HTML_MOST


def test_a_long_option_is_a_select_and_a_short_one_links(client: Client, rug: ProductPage) -> None:
    soup = BeautifulSoup(client.get("/mugs/rug/?sku=rug-101").content, "html.parser")
    [select] = soup.select(".options select[name=sku]")
    assert select["aria-labelledby"] == "option-2"
    [chosen] = select.select("option[selected]")
    assert (chosen.get_text(), chosen["value"]) == ("Size 0", "rug-101")
    form = select.find_parent("form")
    assert form is not None
    assert (form["method"], form["action"]) == ("get", "/mugs/rug/")
    assert form.select_one("button[type=submit].no-js") is not None
    assert [len(group.select("a.option")) for group in soup.select(".options")] == [20, 0, 2]


def test_combinations_that_do_not_exist_say_what_else_they_change(client: Client, rug: ProductPage) -> None:
    Variant.objects.filter(product=rug, sku="rug-102").delete()  # Shade 1, Size 1, Bound
    Variant.objects.filter(product=rug, sku="rug-4").update(active=False)  # Shade 0, Size 2, Bound
    response = client.get("/mugs/rug/?sku=rug-0")
    found = {
        group.name: {value.value: value.elsewhere for value in group.values}
        for group in response.context["option_groups"]
    }
    assert found["Size"]["Size 1"] == ""
    assert found["Size"]["Size 2"] == "Fringed"
    shown = BeautifulSoup(response.content, "html.parser").select("select[name=sku] option")
    assert "Size 2 (Fringed)" in [option.get_text() for option in shown]
    from_size_one = client.get("/mugs/rug/?sku=rug-2").context["option_groups"][0]
    assert [value.elsewhere for value in from_size_one.values[:3]] == ["", "Size 0", ""]


def test_one_option_with_two_thousand_values(client: Client, mugs: CategoryPage) -> None:
    page = ProductPageFactory(title="Thread", slug="thread", parent=mugs)
    add_combinations(page, Colour=numbered("Shade", 2_000))
    response = client.get("/mugs/thread/?sku=thread-1999")
    assert response.context["selected_offer"].variant.sku == "thread-1999"
    assert len(response.content) < HTML_MOST
