"""What the tests of variants share."""

import pytest
from django.test import Client
from wagtail.models import Page

from shop.catalog.models import ProductPage
from shop.catalog.tests.factories import ProductPageFactory
from tests.factories import add_variant
from tests.variants.table import PRICE_AND_STOCK, member


@pytest.fixture
def manager(home_page: Page) -> Client:
    return member("manager@example.com", permissions=PRICE_AND_STOCK)


@pytest.fixture
def mug(home_page: Page) -> ProductPage:
    """Chalk at 12.00, 10 on hand; sea at 13.00, 4 on hand."""
    page = ProductPageFactory(title="Mug", slug="mug")
    add_variant(page, sku="CHALK", options=[("Colour", "Chalk")], price=1200, stock=10, weight=340)
    add_variant(page, sku="SEA", options=[("Colour", "Sea")], price=1300, stock=4)
    return page
