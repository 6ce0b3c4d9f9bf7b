"""A buyer abroad, and one who comes to collect: fields, ways and total follow, with and without a script."""

import re
from typing import TYPE_CHECKING

import pytest

from shop.orders.models import Order
from tests.e2e.conftest import SmallShop
from tests.e2e.test_buying import pay_with
from tests.trade import make_method, make_zone, only_method

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

PHONE = {"width": 390, "height": 844}
pytestmark = [pytest.mark.browser, pytest.mark.database]


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_another_country_then_home_and_collect(
    small_shop: SmallShop, new_page: "Callable[..., Page]", javascript: bool
) -> None:
    standard = only_method(label="Standard", price=395, min_days=2, max_days=4)
    make_method(standard.zone, "Collect in store", "collect", price=0, address="Ipswich, Tavern Street")
    make_method(make_zone("America", "US"), "Airmail", price=1995)
    page = new_page(**PHONE, javascript=javascript)
    page.goto(small_shop.address(small_shop.mug))
    page.get_by_role("button", name="Add to cart").click()
    if javascript:
        page.get_by_role("dialog").get_by_role("link", name="Stoneware mug").wait_for()
    page.goto(f"{small_shop.url}/checkout/")
    page.get_by_label("E-mail").fill("ann@example.com")
    page.get_by_label("Full name").fill("Ann Catchpole")

    def update() -> None:
        if not javascript:
            page.get_by_role("button", name="Update country, delivery and total").click()

    page.get_by_label("Country").select_option("US")
    update()
    page.get_by_label("ZIP code").wait_for()
    page.get_by_label("State").select_option("CA")
    assert page.get_by_role("button", name="Place order and pay £37.95").is_visible()
    # Nothing that was typed is lost.
    assert page.get_by_label("Full name").input_value() == "Ann Catchpole"

    page.get_by_label("Country").select_option("GB")
    update()
    page.get_by_role("radio", name=re.compile("Collect in store")).check()
    update()
    page.get_by_role("button", name="Place order and pay £18.00").wait_for()
    assert page.get_by_label("Postcode").count() == 0
    pay_with(page, "Approves")
    page.wait_for_url("**/orders/**")
    order = Order.objects.get()
    assert (order.total, order.collection_place, order.country) == (1800, "Ipswich, Tavern Street", "GB")
    assert page.get_by_text("Ipswich, Tavern Street").is_visible()
    assert page.get_by_text("We write again when you can collect it.").is_visible()
