"""A buyer enters a card on our page, in a field that is the payment company's."""

import re
from typing import TYPE_CHECKING

import pytest

from shop.orders.models import Order
from shop.payments.models import Payment
from tests.e2e.conftest import SmallShop
from tests.e2e.test_buying import PHONE, fill_in_the_address
from tests.fakes.stripe import FakeStripe

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.database]


def to_the_card_page(page: "Page", shop: SmallShop) -> None:
    """Fill the cart, the address, and choose to pay by card."""
    page.goto(shop.address(shop.category))
    page.get_by_role("link", name="Stoneware mug").click()
    page.get_by_role("button", name="Add to cart").click()
    page.get_by_role("link", name="Check out").click()
    fill_in_the_address(page)
    page.get_by_role("radio", name=re.compile("^Card")).check()
    page.get_by_role("button", name=re.compile("Place order")).click()
    page.wait_for_url("**/checkout/confirm/**")


def test_declined_then_approved_by_the_bank(
    small_shop: SmallShop, stripe: FakeStripe, phone: "Page", assert_accessible: "Callable[[Page], None]"
) -> None:
    to_the_card_page(phone, small_shop)
    pay = phone.get_by_role("button", name=re.compile("^Pay"))
    phone.get_by_label("Pretend card").select_option("declines")
    pay.click(trial=True)  # it can be pressed as soon as the card's fields are there
    assert_accessible(phone)
    pay.click()
    phone.get_by_text("Your card was declined.").wait_for()
    phone.on("dialog", lambda dialog: dialog.accept())
    phone.get_by_label("Pretend card").select_option("asks")
    pay.click()
    phone.wait_for_url("**/orders/**")
    assert Order.objects.get().status == "paid"
    assert list(stripe.ledger.charges.values()) == [Payment.objects.get().amount]
    # Back to the card's page: the order is there, and nothing is charged again.
    phone.go_back()
    phone.wait_for_url("**/orders/**")
    assert len(stripe.ledger.charges) == 1


def test_without_a_script_another_way_remains(
    small_shop: SmallShop, stripe: FakeStripe, new_page: "Callable[..., Page]"
) -> None:
    page = new_page(**PHONE, javascript=False)
    to_the_card_page(page, small_shop)
    assert page.locator("noscript .alert").is_visible()
    page.get_by_role("button", name="Choose another way to pay").click()
    page.wait_for_url("**/checkout/")
    assert page.get_by_text("The payment was cancelled. Nothing was taken.").is_visible()
    assert page.get_by_label("Full name").input_value() == "Ann Catchpole"
    assert next(iter(stripe.ledger.intents.values()))["status"] == "canceled"


def test_only_that_page_may_load_from_the_company(small_shop: SmallShop, stripe: FakeStripe, desktop: "Page") -> None:
    to_the_card_page(desktop, small_shop)
    answer = desktop.reload()
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert f"script-src 'self' {stripe.url};" in policy
    answer = desktop.goto(f"{small_shop.url}/checkout/")
    assert answer is not None
    assert stripe.url not in answer.headers["content-security-policy"]
