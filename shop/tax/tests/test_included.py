"""The tax inside the prices: once per line, half-up, and adding up to the penny."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Site

from shop.accounts.tests.factories import AdminFactory
from shop.cart.contents import Adjustment, Cart, CartLine
from shop.tax.included import breakdown, tell_tax
from shop.tax.models import TaxSettings

pytestmark = pytest.mark.django_db


def cart(*amounts: int, delivery: int = 395) -> Cart:
    lines = tuple(CartLine(f"S{n}", "Mug", "", "", None, amount, None, 1, 9) for n, amount in enumerate(amounts))
    return Cart(lines=lines, currency="GBP", adjustments=(Adjustment("delivery", "Delivery", delivery),))


def settings_row(**fields: Any) -> TaxSettings:
    return TaxSettings.objects.create(site=Site.objects.get(), **fields)


def test_once_per_line_and_once_for_delivery(home_page: object) -> None:
    found = breakdown(cart(1250, 999, 3))
    assert (found.rate, found.label) == (2000, "VAT")
    # Exactly it would be 208.33, 166.5, 0.5 and 65.83: halves go up.
    assert (found.lines, found.adjustments) == ({"S0": 208, "S1": 167, "S2": 1}, {"delivery": 66})
    assert found.total == 442


def test_tax_is_told_not_added(home_page: object) -> None:
    assert tell_tax(cart(1250)).adjustment("tax") == Adjustment("tax", "Includes VAT", 274, included=True)


def test_another_rate_and_name(home_page: object) -> None:
    settings_row(rate=1750, label="GST", registration_number="GB 123 4567 89")
    found = breakdown(cart(1175, delivery=0))
    assert (found.label, found.rate, found.registration, found.total) == ("GST", 1750, "GB 123 4567 89", 175)


def test_no_tax_is_not_mentioned(home_page: object) -> None:
    settings_row(rate=0)
    assert tell_tax(cart(1250)).adjustment("tax") is None
    assert breakdown(cart(1250)).total == 0


def test_what_is_included_already_is_not_taxed_again(home_page: object) -> None:
    base = cart(1200, delivery=0)
    twice = Cart(lines=base.lines, currency="GBP", adjustments=(Adjustment("note", "Includes x", 600, included=True),))
    assert breakdown(twice).adjustments == {}


def test_without_a_row_the_defaults_hold_and_none_is_written(home_page: object) -> None:
    breakdown(cart(1250))
    assert not TaxSettings.objects.exists()


class TestScreen:
    @pytest.fixture
    def url(self, home_page: object, client: Client) -> str:
        client.force_login(AdminFactory())
        return reverse("wagtailsettings:edit", args=["tax", "taxsettings", Site.objects.get().pk])

    @pytest.mark.parametrize(("typed", "points", "shown"), [("17.5", 1750, "17.5"), ("20", 2000, "20"), ("0", 0, "0")])
    def test_per_cent_in_basis_points_stored(
        self, client: Client, url: str, typed: str, points: int, shown: str
    ) -> None:
        assert 'value="20"' in client.get(url).content.decode()
        client.post(url, {"label": "VAT", "rate": typed, "registration_number": ""})
        assert TaxSettings.objects.get().rate == points
        assert f'value="{shown}"' in client.get(url).content.decode()

    @pytest.mark.parametrize(
        ("typed", "message"),
        [
            ("-1", "Enter a rate from 0 to 100 per cent."),
            ("101", "Enter a rate from 0 to 100 per cent."),
            ("17.555", "Enter at most two decimal places."),
            ("NaN", "Enter a rate from 0 to 100 per cent."),
            ("x", "Enter a number."),
        ],
    )
    def test_slips(self, client: Client, url: str, typed: str, message: str) -> None:
        client.get(url)
        page = client.post(url, {"label": "VAT", "rate": typed, "registration_number": ""})
        assert message in page.content.decode()
        assert TaxSettings.objects.get().rate == 2000
