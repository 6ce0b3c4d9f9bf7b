"""Whoever has an account does not type what it knows."""

import pytest

from shop.accounts import addresses
from shop.accounts.services import vouch_for_address
from shop.accounts.tests.factories import PASSWORD, UserFactory
from shop.checkout.tests.factories import Buyer

pytestmark = pytest.mark.django_db


def test_the_default_address_is_filled_in(buyer: Buyer) -> None:
    user = UserFactory(email="ann@example.com")
    vouch_for_address(user=user)
    facts = {"name": "Ann Archer", "line_1": "9 Thimble Row", "city": "Ipswich", "postcode": "IP1 1XR", "country": "GB"}
    addresses.add_address(user=user, facts=facts)
    assert "9 Thimble Row" not in buyer.get("/checkout/").content.decode()
    buyer.post("/account/login/", {"login": user.email, "password": PASSWORD})
    page = buyer.get("/checkout/").content.decode()
    for value in ("ann@example.com", "Ann Archer", "9 Thimble Row", "Ipswich", "IP1 1XR"):
        assert f'value="{value}"' in page


def test_what_was_typed_comes_first(buyer: Buyer) -> None:
    user = UserFactory(email="ann@example.com")
    vouch_for_address(user=user)
    buyer.post("/account/login/", {"login": user.email, "password": PASSWORD})
    buyer.check_out(name="Somebody Else", provider="dummy", **{"dummy-card": "declines"})
    assert 'value="Somebody Else"' in buyer.get("/checkout/").content.decode()
