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
