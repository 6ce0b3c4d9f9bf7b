"""An editor changes a product's words, previews, publishes, and finds the order that came in."""

from typing import TYPE_CHECKING

import pytest

from shop.accounts.models import User
from shop.catalog.models import ProductPage
from shop.orders.models import Order
from tests.e2e.conftest import SmallShop
from tests.e2e.test_buying import fill_in_the_address, pay_with

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.database]
PASSWORD = "a-long-enough-password"
NEW_SUMMARY = "Thrown in Halesworth, glazed twice."


def log_in(page: "Page", shop: SmallShop) -> None:
    User.objects.create_superuser("editor@example.com", PASSWORD)
    page.goto(f"{shop.url}/admin/")
    page.get_by_label("E-mail address").fill("Editor@Example.com")
    page.get_by_label("Password").first.fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url("**/admin/")


def buy_a_mug(page: "Page", shop: SmallShop) -> Order:
    page.goto(shop.address(shop.mug))
    page.get_by_role("button", name="Add to cart").click()
    page.get_by_role("dialog").get_by_role("link", name="Check out").click()
    fill_in_the_address(page)
    pay_with(page, "Approves")
    page.wait_for_url("**/orders/**")
    return Order.objects.get()


def test_editor_changes_previews_and_publishes(small_shop: SmallShop, new_page: "Callable[..., Page]") -> None:
    desktop = new_page(width=1400, height=1000)
    log_in(desktop, small_shop)
    desktop.goto(f"{small_shop.url}/admin/pages/{small_shop.mug.pk}/edit/")
    desktop.locator("[name=summary]").fill(NEW_SUMMARY)
    desktop.get_by_role("button", name="Toggle preview").click()
    preview = desktop.frame_locator("#w-preview-iframe, iframe[title=Preview]").first
    preview.get_by_text(NEW_SUMMARY).wait_for()
    assert ProductPage.objects.get(pk=small_shop.mug.pk).summary == "Made in Suffolk."

    desktop.get_by_role("button", name="More actions").last.click()
    desktop.get_by_role("button", name="Publish", exact=True).click()
    desktop.get_by_text("published").first.wait_for()
    assert ProductPage.objects.get(pk=small_shop.mug.pk).summary == NEW_SUMMARY
    shopper = new_page(width=390, height=844)
    shopper.goto(small_shop.address(small_shop.mug))
    assert shopper.get_by_text(NEW_SUMMARY).is_visible()


def test_editor_finds_the_order(small_shop: SmallShop, new_page: "Callable[..., Page]") -> None:
    order = buy_a_mug(new_page(width=390, height=844), small_shop)
    desktop = new_page(width=1400, height=1000)
    log_in(desktop, small_shop)
    desktop.get_by_role("link", name="Orders", exact=True).first.click()
    desktop.get_by_text(order.number).first.click()
    desktop.get_by_text("Ann Catchpole").first.wait_for()
