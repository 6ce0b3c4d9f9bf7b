"""A guest buys on a phone, with and without a script, and what goes wrong on the way is said."""

import re
from typing import TYPE_CHECKING

import pytest
from django.core import mail

from shop.inventory.models import StockItem
from shop.orders.models import Order
from tests.e2e.conftest import SmallShop

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

PHONE = {"width": 390, "height": 844}
pytestmark = [pytest.mark.browser, pytest.mark.database]


def fill_in_the_address(page: "Page") -> None:
    """Everything the checkout asks for, but the payment."""
    page.get_by_label("E-mail").fill("ann@example.com")
    page.get_by_label("Full name").fill("Ann Catchpole")
    page.get_by_label("Address", exact=True).fill("12 Fore Street")
    page.get_by_label("Town or city").fill("Ipswich")
    page.get_by_label("Postcode").fill("IP4 1JZ")


def pay_with(page: "Page", card: str) -> None:
    """Choose the test card and place the order."""
    page.get_by_role("radio", name=re.compile("Test card")).check()
    page.get_by_label(re.compile(card)).check()
    page.get_by_role("button", name=re.compile("Place order")).click()


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_guest_buys_on_a_phone(small_shop: SmallShop, new_page: "Callable[..., Page]", javascript: bool) -> None:
    page = new_page(**PHONE, javascript=javascript)
    page.goto(small_shop.address(small_shop.category))
    page.get_by_role("link", name="Stoneware mug").click()
    page.get_by_role("button", name="Add to cart").click()
    if javascript:
        page.get_by_role("dialog").get_by_role("link", name="Stoneware mug").wait_for()
        assert page.locator("[data-cart-count]").text_content() == "1"
    else:
        page.wait_for_url("**/cart/")
    page.get_by_role("link", name="Check out").click()
    fill_in_the_address(page)
    pay_with(page, "Approves")
    page.wait_for_url("**/orders/**")

    order = Order.objects.get()
    assert page.get_by_text(order.number).first.is_visible()
    assert page.get_by_role("heading", level=1).text_content() == "Thank you, Ann Catchpole"
    assert order.status == "paid"
    assert [(line.sku, line.quantity, line.unit_price) for line in order.lines.all()] == [("MUG-1", 1, 1800)]
    stock = StockItem.objects.get(sku="MUG-1")
    assert (stock.on_hand, stock.reserved) == (4, 0)
    assert [message.to for message in mail.outbox] == [["ann@example.com"]]
    page.goto(f"{small_shop.url}/cart/")
    assert page.get_by_text("Nothing in it yet.").is_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_quantity_changes_in_the_cart(small_shop: SmallShop, new_page: "Callable[..., Page]", javascript: bool) -> None:
    page = new_page(**PHONE, javascript=javascript)
    page.goto(small_shop.address(small_shop.mug))
    page.get_by_role("button", name="Add to cart").click()
    if javascript:
        page.get_by_role("dialog").get_by_role("button", name="One more").click()
        page.get_by_role("dialog").get_by_text("£36.00").first.wait_for()
        assert page.locator("[data-cart-count]").text_content() == "2"
    else:
        page.get_by_label("Quantity of Stoneware mug").fill("2")
        page.get_by_role("button", name="Update").click()
        page.get_by_text("£36.00").first.wait_for()
    page.get_by_role("button", name=re.compile("Remove")).click()
    page.get_by_text("Nothing in it yet.").wait_for()


def test_declined_card_keeps_the_cart_and_the_address(small_shop: SmallShop, phone: "Page") -> None:
    phone.goto(small_shop.address(small_shop.mug))
    phone.get_by_role("button", name="Add to cart").click()
    phone.get_by_role("dialog").get_by_role("link", name="Check out").click()
    fill_in_the_address(phone)
    pay_with(phone, "Declines")
    phone.get_by_role("alert").wait_for()

    assert phone.get_by_label("Full name").input_value() == "Ann Catchpole"
    assert StockItem.objects.get(sku="MUG-1").reserved == 0
    pay_with(phone, "Approves")
    phone.wait_for_url("**/orders/**")
    assert Order.objects.filter(status="paid").count() == 1


def test_bank_that_asks_for_confirmation(small_shop: SmallShop, phone: "Page") -> None:
    phone.goto(small_shop.address(small_shop.mug))
    phone.get_by_role("button", name="Add to cart").click()
    phone.get_by_role("dialog").get_by_role("link", name="Check out").click()
    fill_in_the_address(phone)
    pay_with(phone, "Asks you")
    phone.wait_for_url("**/checkout/confirm/**")
    assert StockItem.objects.get(sku="MUG-1").reserved == 1
    phone.get_by_role("button", name="Approve payment").click()
    phone.wait_for_url("**/orders/**")
    assert Order.objects.get().status == "paid"


def test_search_suggests_while_typing(small_shop: SmallShop, desktop: "Page") -> None:
    desktop.goto(small_shop.url)
    desktop.get_by_label("Search the shop").press_sequentially("stonew", delay=30)
    desktop.locator("#site-suggestions").get_by_role("link", name=re.compile("Stoneware mug")).wait_for()
    desktop.keyboard.press("ArrowDown")
    desktop.keyboard.press("Enter")
    desktop.wait_for_url("**/stoneware-mug/")


def test_phone_menu_and_variant_links_need_no_script(small_shop: SmallShop, new_page: "Callable[..., Page]") -> None:
    page = new_page(**PHONE, javascript=False)
    page.goto(small_shop.address(small_shop.category))
    page.get_by_role("button", name="Menu").click()
    assert page.locator("#site-menu").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_filters_can_be_set_and_taken_off(small_shop: SmallShop, desktop: "Page") -> None:
    """Each change starts from what the form says, not from the address that the one before has made."""
    address = small_shop.address(small_shop.category)
    desktop.goto(address)
    in_stock = desktop.get_by_label("In stock only")
    in_stock.check()
    desktop.get_by_text("2 products", exact=True).wait_for()
    in_stock.uncheck()
    desktop.get_by_text("3 products", exact=True).wait_for()
    desktop.get_by_label("Price from").fill("20")
    desktop.get_by_label("Price from").press("Enter")
    desktop.get_by_text("2 products", exact=True).wait_for()
    assert desktop.url == f"{address}?price_min=20"


def test_the_keyboard_keeps_its_place_in_the_cart(small_shop: SmallShop, desktop: "Page") -> None:
    desktop.goto(small_shop.address(small_shop.mug))
    add = desktop.get_by_role("button", name="Add to cart")
    add.press("Enter")
    drawer = desktop.get_by_role("dialog")
    more = drawer.get_by_role("button", name="One more")
    more.press("Enter")
    drawer.get_by_text("£36.00").first.wait_for()
    more.and_(drawer.locator(":focus")).wait_for()
    drawer.get_by_role("button", name=re.compile("Remove")).press("Enter")
    drawer.get_by_text("Nothing in it yet.").wait_for()
    drawer.locator("h2:focus").wait_for()
    desktop.keyboard.press("Escape")
    add.and_(desktop.locator(":focus")).wait_for()


def test_a_lost_request_says_so_and_buys_nothing_twice(small_shop: SmallShop, desktop: "Page") -> None:
    desktop.goto(small_shop.address(small_shop.mug))
    desktop.route("**/cart/add/", lambda route: route.abort())
    desktop.get_by_role("button", name="Add to cart").click()
    desktop.get_by_text("That did not work.").wait_for()
    desktop.unroute("**/cart/add/")
    desktop.get_by_role("button", name="Add to cart").click()
    desktop.get_by_role("dialog").get_by_text("£18.00").first.wait_for()
    assert desktop.locator("[data-cart-count]").text_content() == "1"
