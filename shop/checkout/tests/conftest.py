"""What checkout tests start from."""

import pytest

from shop.checkout.tests.factories import Buyer
from tests.factories import make_product


@pytest.fixture
def buyer(home_page: object) -> Buyer:
    """Somebody with two mugs (£12.50 each, ten in stock) in the cart."""
    make_product(sku="MUG", title="Stoneware mug", price=1250, stock=10)
    browser = Buyer()
    browser.add("MUG", 2)
    return browser
