"""What a browser remembers of products."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from shop.catalog.tests.factories import CategoryPageFactory
from tests.factories import make_product

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_looked_at_and_compared(phone: Page, live_server: Any, home_page: Any) -> None:
    mugs = CategoryPageFactory(title="Mugs", slug="mugs")
    for title in ("Sea", "Chalk", "Slate"):
        make_product(title=title, slug=title.lower(), parent=mugs)
    phone.goto(f"{live_server.url}/mugs/sea/")
    shelf = phone.locator("[data-recent]")
    expect(shelf).to_be_hidden()
    phone.get_by_role("link", name="Compare with others").click()
    expect(phone.get_by_role("columnheader", name="Sea")).to_be_visible()
    phone.goto(f"{live_server.url}/mugs/chalk/")
    expect(shelf.get_by_role("link", name="Sea")).to_be_visible()
    phone.get_by_role("link", name="Compare with the one you chose").click()
    expect(phone.get_by_role("columnheader", name="Sea")).to_be_visible()
    expect(phone.get_by_role("columnheader", name="Chalk")).to_be_visible()
    phone.get_by_role("link", name="Remove Sea").click()
    expect(phone.get_by_role("columnheader", name="Sea")).to_have_count(0)
    phone.goto(f"{live_server.url}/mugs/slate/")
    expect(shelf.get_by_role("link")).to_have_text(["Chalk", "Sea"])
    phone.get_by_role("button", name="Forget these").click()
    expect(shelf).to_be_hidden()
    phone.reload()
    expect(shelf).to_be_hidden()


def test_a_heart_is_filled_by_the_browser(phone: Page, live_server: Any, home_page: Any) -> None:
    mugs = CategoryPageFactory(title="Mugs", slug="mugs")
    make_product(title="Sea", slug="sea", parent=mugs)
    phone.goto(f"{live_server.url}/mugs/sea/")
    phone.get_by_role("button", name="Put on my list").click()
    expect(phone.get_by_role("button", name="On your list")).to_be_focused()
    phone.reload()
    expect(phone.get_by_role("button", name="On your list")).to_be_visible()
    phone.get_by_role("link", name="Your list, 1 product").click()
    phone.get_by_role("button", name="Take off Sea").click()
    expect(phone.get_by_role("heading", name="Nothing on it yet")).to_be_visible()
    expect(phone.get_by_role("link", name="Your list", exact=True)).to_be_visible()


def test_hearts_on_cards(phone: Page, live_server: Any, home_page: Any) -> None:
    mugs = CategoryPageFactory(title="Mugs", slug="mugs")
    for title in ("Sea", "Chalk"):
        make_product(title=title, slug=title.lower(), parent=mugs)
    phone.goto(f"{live_server.url}/mugs/")
    phone.get_by_role("button", name="Add to my list: Sea").click()
    expect(phone.get_by_role("button", name="Take off my list: Sea")).to_be_focused()
    expect(phone.get_by_role("link", name="Your list, 1 product")).to_be_visible()
    phone.reload()
    expect(phone.get_by_role("button", name="Take off my list: Sea")).to_be_visible()
    expect(phone.get_by_role("button", name="Add to my list: Chalk")).to_be_visible()
    phone.get_by_role("button", name="Take off my list: Sea").click()
    expect(phone.get_by_role("button", name="Add to my list: Sea")).to_be_visible()
    expect(phone.get_by_role("link", name="Your list", exact=True)).to_be_visible()


def test_from_the_filters_back_to_the_products(phone: Page, live_server: Any, home_page: Any) -> None:
    mugs = CategoryPageFactory(title="Mugs", slug="mugs")
    for title in ("Sea", "Chalk"):
        make_product(title=title, slug=title.lower(), parent=mugs)
    phone.goto(f"{live_server.url}/mugs/")
    phone.locator("#listing-filter").click()
    phone.get_by_role("link", name="Show 2 products").click()
    expect(phone.get_by_label("Price from")).to_be_hidden()
    expect(phone.get_by_role("link", name="Sea", exact=True)).to_be_in_viewport()
