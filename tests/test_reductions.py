"""A reduction as shoppers and search engines meet it: the same prior price and percentage everywhere."""

import json
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from shop.cart.tests.factories import Shopper
from shop.catalog import listing
from shop.catalog.models import ProductPage
from shop.catalog.tests.factories import CategoryPageFactory
from shop.pricing.services import set_price
from tests.factories import make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def rug(home_page: Page) -> ProductPage:
    """12.50 for three months, then 10.00 until tomorrow, said to have been 30.00."""
    category = CategoryPageFactory(parent=home_page, title="Rugs", slug="rugs")
    product = make_product(parent=category, title="Rug", slug="rug", sku="RUG", price=None)
    now = timezone.now()
    variant = product.variants.get()
    set_price(variant=variant, amount=1250, currency="GBP", valid_from=now - timedelta(days=90))
    set_price(
        variant=variant, amount=1000, compare_at=3000, currency="GBP", valid_from=now, valid_to=now + timedelta(days=1)
    )
    listing.refresh([product.pk])
    return product


def shown(answer: Any, selector: str) -> str:
    found = BeautifulSoup(answer.content.decode(), "html.parser").select_one(selector)
    assert found is not None
    return " ".join(found.get_text(" ").split())


def test_the_card_the_page_and_the_cart_show_the_prior_price(client: Client, rug: ProductPage) -> None:
    price = "Now £10.00 Was £12.50 −20%"
    assert shown(client.get("/rugs/"), ".card .price") == price
    page = client.get("/rugs/rug/")
    assert shown(page, ".product__price .price") == price
    assert "£12.50 was our lowest price in the 30 days before the reduction." in page.content.decode()
    assert "£30.00" not in page.content.decode()
    shopper = Shopper()
    shopper.add("RUG")
    assert shown(shopper.get("/cart/"), ".cart-line__unit") == price


def test_search_engines_are_told_until_when(client: Client, rug: ProductPage) -> None:
    soup = BeautifulSoup(client.get("/rugs/rug/").content.decode(), "html.parser")
    texts = [script.get_text() for script in soup.select("script[type='application/ld+json']")]
    [graph] = [json.loads(text) for text in texts]
    [offer] = [node["offers"] for node in graph["@graph"] if "offers" in node]
    assert offer["price"] == "10.00"
    ends = rug.variants.get().prices.latest("valid_from").valid_from
    assert offer["priceValidUntil"] == timezone.localtime(ends).isoformat()
    assert offer["priceSpecification"] == {
        "@type": "UnitPriceSpecification",
        "priceType": "https://schema.org/StrikethroughPrice",
        "price": "12.50",
        "priceCurrency": "GBP",
    }


def test_a_claim_without_a_prior_price_is_not_shown(client: Client, home_page: Page) -> None:
    product = make_product(title="Mug", slug="mug", price=None)
    set_price(variant=product.variants.get(), amount=1000, compare_at=3000, currency="GBP")
    page = client.get("/mug/").content.decode()
    assert "£10.00" in page
    assert "£30.00" not in page
    assert "<s>" not in page
