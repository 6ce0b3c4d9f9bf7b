"""What the cart's page offers beside the cart."""

from collections.abc import Callable
from typing import Any

import pytest
from wagtail.models import Page

from shop.cart.tests.factories import Shopper
from shop.catalog.tests.factories import CategoryPageFactory
from tests.factories import make_product

pytestmark = pytest.mark.django_db


def test_the_carts_page_shows_it_and_costs_the_same_for_one_line_and_for_six(
    home_page: Page, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    mugs = CategoryPageFactory(title="Mugs", slug="mugs")
    for number in range(7):
        make_product(title=f"Mug {number}", sku=f"MUG-{number}", parent=mugs)
    buyer = Shopper()
    buyer.add("MUG-0", 1)
    buyer.get("/cart/")
    with django_assert_max_num_queries(14) as one:
        assert "Goes well with it" in buyer.get("/cart/").content.decode()
        cost = len(one)
    for number in range(1, 6):
        buyer.add(f"MUG-{number}", 1)
    buyer.get("/cart/")
    with django_assert_max_num_queries(cost):
        html = buyer.get("/cart/").content.decode()
    assert "Mug 6" in html.partition("Goes well with it")[2]
