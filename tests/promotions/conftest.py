"""What the tests of promotions as shoppers meet them share."""

import pytest

from shop.checkout.tests.factories import Buyer
from tests.factories import make_product


@pytest.fixture
def buyer(home_page: object) -> Buyer:
    """Somebody with two mugs, £10 each, in the cart."""
    make_product(sku="MUG", title="Stoneware mug", price=1000, stock=500)
    browser = Buyer()
    browser.add("MUG", 2)
    return browser
