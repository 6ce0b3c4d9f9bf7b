"""The delivery charge: flat, free above a threshold, edited in pounds."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from wagtail.models import Site

from shop.accounts.tests.factories import AdminFactory
from shop.cart.contents import Adjustment, Cart, CartLine
from shop.cart.selectors import build_cart
from shop.shipping.delivery import add_delivery
from shop.shipping.models import ShippingSettings
from tests.factories import make_product

pytestmark = pytest.mark.django_db


def cart(*amounts: int, sold_out: int = 0) -> Cart:
    """A cart of one line per amount, and one of ``sold_out`` that cannot be bought."""
    lines = [CartLine(f"S{n}", "Mug", "", "", None, amount, None, 1, 9) for n, amount in enumerate(amounts)]
    if sold_out:
        lines.append(CartLine("GONE", "Lamp", "", "", None, sold_out, None, 1, 0))
    return Cart(lines=tuple(lines), currency="GBP")


def settings_row(**fields: Any) -> ShippingSettings:
    return ShippingSettings.objects.create(site=Site.objects.get(), **fields)


@pytest.mark.parametrize(
    ("rate", "free_from", "subtotal", "charge"),
    [
        (395, 5000, 4999, 395),
        (395, 5000, 5000, 0),
        (395, 5000, 5001, 0),
        (395, None, 10**9, 395),
        (0, None, 1, 0),
        (395, 0, 1, 0),
    ],
)
def test_the_charge(home_page: object, rate: int, free_from: int | None, subtotal: int, charge: int) -> None:
    settings_row(flat_rate=rate, free_from=free_from, label="Royal Mail")
    assert add_delivery(cart(subtotal)).adjustments == (Adjustment("delivery", "Royal Mail", charge),)


def test_without_a_row_the_defaults_hold_and_none_is_written(home_page: object) -> None:
    assert add_delivery(cart(1000)).adjustments == (Adjustment("delivery", "Standard delivery", 395),)
    assert not ShippingSettings.objects.exists()


def test_only_what_can_be_bought_counts_towards_free_delivery(home_page: object) -> None:
    assert add_delivery(cart(4000, sold_out=9000)).adjustments[0].amount == 395
    assert add_delivery(cart(sold_out=9000)).adjustments == ()


def test_it_is_part_of_every_cart(home_page: object) -> None:
    make_product(sku="MUG", price=1250)
    found = build_cart(items={"MUG": 1})
    assert [(each.code, each.amount, each.included) for each in found.adjustments] == [
        ("delivery", 395, False),
        ("tax", 274, True),
    ]
    assert found.total == 1645


@pytest.mark.database
@pytest.mark.parametrize("change", [{"flat_rate": -1}, {"free_from": -1}])
def test_the_database_refuses_negative_amounts(home_page: object, change: dict[str, int]) -> None:
    settings_row()
    with pytest.raises(IntegrityError), transaction.atomic():
        ShippingSettings.objects.update(**change)


class TestScreen:
    @pytest.fixture
    def url(self, home_page: object, client: Client) -> str:
        client.force_login(AdminFactory())
        return reverse("wagtailsettings:edit", args=["shipping", "shippingsettings", Site.objects.get().pk])

    def test_pounds_in_pence_stored(self, client: Client, url: str) -> None:
        assert 'value="3.95"' in client.get(url).content.decode()
        client.post(url, {"label": "By post", "flat_rate": "4.5", "free_from": "60"})
        row = ShippingSettings.objects.get()
        assert (row.label, row.flat_rate, row.free_from) == ("By post", 450, 6000)
        text = client.get(url).content.decode()
        assert 'value="4.50"' in text
        assert 'value="60.00"' in text

    def test_never_free(self, client: Client, url: str) -> None:
        client.post(url, {"label": "By post", "flat_rate": "4.50", "free_from": ""})
        assert ShippingSettings.objects.get().free_from is None

    @pytest.mark.parametrize(
        ("typed", "message"),
        [
            ("-1", "This cannot be less than 0."),
            ("3.955", "more than 2 decimal places"),
            ("abc", "is not an amount of money"),
            ("NaN", "is not an amount of money"),
            ("1e99", "is too large"),
            ("", "This field is required."),
        ],
    )
    def test_slips(self, client: Client, url: str, typed: str, message: str) -> None:
        client.get(url)
        page = client.post(url, {"label": "By post", "flat_rate": typed, "free_from": ""})
        assert message in page.content.decode()
        assert ShippingSettings.objects.get().flat_rate == 395
