"""Staff give money back and open papers in the admin; the buyer reads of it and opens the same papers."""

import re
from typing import TYPE_CHECKING

import pytest
from django.core import mail

from shop.accounts.services import vouch_for_address
from shop.accounts.tests.factories import PASSWORD, AdminFactory
from shop.inventory.models import StockItem
from shop.orders.documents import pdf
from shop.orders.links import order_path
from shop.orders.models import Order
from shop.orders.tests.factories import make_line, make_order
from shop.orders.viewsets import order_admin_url
from shop.payments.tests.factories import paid
from tests.e2e.conftest import SmallShop

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.database]


@pytest.fixture
def order(small_shop: SmallShop) -> Order:
    """Three mugs for £18 each and delivery for £3.95, paid by card; two more are on the shelf."""
    mugs = make_line("MUG-1", title="Stoneware mug", unit_price=1800, quantity=3)
    return paid(order=make_order(mugs)).order


@pytest.fixture
def desk(small_shop: SmallShop, order: Order, desktop: "Page") -> "Page":
    """The order's page in the admin."""
    vouch_for_address(user=AdminFactory(email="bo@example.com", first_name="Bo", last_name="Boss"))
    desktop.goto(f"{small_shop.url}{order_admin_url(order)}")
    desktop.get_by_label("E-mail address").fill("bo@example.com")
    desktop.get_by_label("Password").fill(PASSWORD)
    desktop.get_by_role("button", name="Log in", exact=True).click()
    desktop.wait_for_url(f"**{order_admin_url(order)}")
    return desktop


def test_a_refund(small_shop: SmallShop, order: Order, desk: "Page", new_page: "Callable[..., Page]") -> None:
    mail.outbox.clear()
    desk.get_by_role("link", name="Give money back").click()
    sums = desk.locator("[data-refund]")
    desk.get_by_label("Stoneware mug").fill("2")
    desk.get_by_label("Give back the delivery charge").check()
    sums.get_by_text("Goes back now: £39.95. Left afterwards: £18.00.").wait_for(state="attached")
    desk.get_by_label("Give back the delivery charge").uncheck()
    desk.get_by_label("Stoneware mug").fill("0")
    desk.get_by_label("Amount, at most £57.95").fill("60")
    sums.get_by_text("£2.05 too much", exact=True).wait_for()
    desk.get_by_label("Amount, at most £57.95").fill("12,50")
    sums.get_by_text("Goes back now: –.").wait_for(state="attached")
    desk.get_by_label("Reason").fill("Chipped glaze")
    desk.get_by_role("button", name="Give money back").click()
    desk.get_by_text("Write it like 12.50.").wait_for()
    # What was typed is still there.
    assert desk.get_by_label("Reason").input_value() == "Chipped glaze"
    desk.get_by_label("Amount, at most").fill("")
    desk.get_by_label("Stoneware mug").fill("1")
    sums.get_by_text("Goes back now: £18.00. Left afterwards: £39.95.").wait_for(state="attached")
    desk.get_by_label("Units that have not been sent").select_option("shelf")
    desk.get_by_role("button", name="Give money back").click()
    desk.wait_for_url(f"**{order_admin_url(order)}")

    assert StockItem.objects.get(sku="MUG-1").on_hand == 3
    history = desk.get_by_role("region", name="History")
    assert history.get_by_text("Chipped glaze").first.is_visible()
    assert desk.get_by_role("region", name="Payment").get_by_text("£18.00").first.is_visible()
    [letter] = mail.outbox
    assert letter.to == [order.email]
    assert "£18.00" in letter.body
    assert "Chipped glaze" in letter.body
    buyer = new_page(width=390, height=844)
    buyer.goto(f"{small_shop.url}{order_path(order=order)}")
    assert buyer.get_by_text(re.compile("£18.00 sent to you")).is_visible()


@pytest.mark.skipif(pdf.problem() is not None, reason=f"PDF needs {pdf.PACKAGES}")
def test_the_invoice(small_shop: SmallShop, order: Order, desk: "Page", new_page: "Callable[..., Page]") -> None:
    buyer = new_page(width=390, height=844)
    buyer.goto(f"{small_shop.url}{order_path(order=order)}")
    number = order.documents.get().number
    papers = {
        buyer: buyer.get_by_role("link", name=f"Invoice {number}"),
        desk: desk.get_by_role("link", name="Invoice", exact=True),
    }
    for page, link in papers.items():
        address = f"{small_shop.url}{link.get_attribute('href')}"
        answer = page.request.get(address)
        assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
        assert answer.body().startswith(b"%PDF-")
        page.goto(f"{address}?as=page")
        assert page.get_by_text(number).first.is_visible()
        assert page.get_by_text("£57.95").first.is_visible()
    # The papers of an order are for its buyer and for staff.
    stranger = new_page()
    answer = stranger.request.get(f"{small_shop.url}{order_admin_url(order)}invoice/", max_redirects=0)
    assert answer.status == 302
    assert stranger.request.get(f"{small_shop.url}/orders/not-a-token/invoice/").status == 404
