"""A guest enters a coupon on a phone, with and without a script."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from shop.orders.models import Order
from shop.promotions.tests.factories import make_promotion
from shop.shipping.tests.factories import make_method, make_zone
from tests.e2e.conftest import SmallShop

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

PHONE = {"width": 390, "height": 844}
pytestmark = [pytest.mark.browser, pytest.mark.database]


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_a_coupon_on_a_phone(small_shop: SmallShop, new_page: "Callable[..., Page]", javascript: bool) -> None:
    make_promotion(code="WELCOME10", title="Ten per cent off")
    page = new_page(**PHONE, javascript=javascript)
    page.goto(small_shop.address(small_shop.mug))
    page.get_by_role("button", name="Add to cart").click()
    if javascript:
        page.get_by_role("dialog").get_by_role("link", name="Stoneware mug").wait_for()
    page.goto(f"{small_shop.url}/cart/")
    page.get_by_label("Coupon code").fill("wellcome10")
    page.get_by_role("button", name="Apply").click()
    page.get_by_text("We do not know the code WELLCOME10").wait_for()
    if javascript:
        # Beside the field, which keeps what was typed: nobody has to scroll to learn what happened.
        expect(page.get_by_text("We do not know the code WELLCOME10")).to_be_in_viewport()
        assert page.get_by_label("Coupon code").input_value() == "wellcome10"
    page.get_by_label("Coupon code").fill("welcome 10")
    page.get_by_role("button", name="Apply").click()
    page.get_by_text("WELCOME10 saves you £1.80.").wait_for()
    assert page.get_by_text("−£1.80").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Remove the code WELCOME10").click()
    page.get_by_text("The code is removed.").wait_for()
    assert page.get_by_text("−£1.80").count() == 0


def test_a_code_that_is_not_applied_yet_outlives_another_country(
    small_shop: SmallShop, new_page: "Callable[..., Page]"
) -> None:
    make_method(make_zone("Germany", "DE"), "DHL", price=995)
    make_promotion(code="WELCOME10", title="Ten per cent off")
    page = new_page(**PHONE)
    page.goto(small_shop.address(small_shop.mug))
    page.get_by_role("button", name="Add to cart").click()
    page.get_by_role("dialog").get_by_role("link", name="Stoneware mug").wait_for()
    page.goto(f"{small_shop.url}/checkout/")
    page.locator(".summary-fold > summary").click()
    page.get_by_text("Buying for a business?").click()
    page.get_by_label("Coupon code").fill("welcome10")
    page.get_by_label("Country").select_option("DE")
    page.get_by_text("DHL").first.wait_for()
    assert page.get_by_label("Coupon code").input_value() == "welcome10"
    # What was open on the phone still is, and what came of the code is read without unfolding anything.
    assert page.get_by_label("Coupon code").is_visible()
    assert page.get_by_label("VAT number").is_visible()
    page.get_by_role("button", name="Apply").click()
    page.get_by_text("WELCOME10 saves you £1.80.").wait_for()


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_the_enter_key_at_the_checkout(
    small_shop: SmallShop, new_page: "Callable[..., Page]", javascript: bool
) -> None:
    make_promotion(code="WELCOME10", title="Ten per cent off")
    page = new_page(width=1280, height=900, javascript=javascript)
    page.goto(small_shop.address(small_shop.mug))
    page.get_by_role("button", name="Add to cart").click()
    if javascript:
        page.get_by_role("dialog").get_by_role("link", name="Stoneware mug").wait_for()
    page.goto(f"{small_shop.url}/checkout/")
    page.get_by_label("Full name").fill("Ann Catchpole")
    page.get_by_label("Coupon code").fill("welcome10")
    page.get_by_label("Coupon code").press("Enter")
    page.get_by_text("WELCOME10 saves you £1.80.").wait_for()
    assert page.get_by_label("Full name").input_value() == "Ann Catchpole"
    # Elsewhere it presses the order's button, and takes no code away.
    page.get_by_label("Full name").press("Enter")
    page.get_by_text("Enter the postcode.").wait_for()
    assert page.get_by_text("−£1.80").first.is_visible()
    assert Order.objects.count() == 0
