"""Saved addresses."""

from typing import Any

import pytest
from django.test import Client

from shop.accounts import addresses
from shop.accounts.models import Address, User
from shop.accounts.tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home_page")]
PATH = "/account/addresses/"
FACTS = {
    "name": "Ann Archer",
    "company": "",
    "line_1": "9 Thimble Row",
    "line_2": "",
    "city": "Ipswich",
    "region": "",
    "postcode": "IP1 1XR",
    "country": "GB",
    "phone": "01473 000000",
}


@pytest.fixture
def shopper(ann: User, client: Client) -> Client:
    client.force_login(ann)
    return client


def test_add_change_delete(shopper: Client) -> None:
    assert "You have not saved an address yet." in shopper.get(PATH).content.decode()
    page = shopper.post(f"{PATH}new/", FACTS, follow=True).content.decode()
    assert "The address is saved." in page
    assert "9 Thimble Row" in page
    assert "Filled in at the checkout" in page
    address = Address.objects.get()
    page = shopper.post(f"{PATH}{address.pk}/", {**FACTS, "line_1": "1 Quay Street"}, follow=True).content.decode()
    assert "1 Quay Street" in page
    page = shopper.post(f"{PATH}{address.pk}/delete/", follow=True).content.decode()
    assert "The address is deleted." in page
    assert not Address.objects.exists()


def test_what_is_missing_is_named(shopper: Client) -> None:
    page = shopper.post(f"{PATH}new/", {"phone": "call me"}).content.decode()
    for words in ("Choose the country.", "Enter the name for the parcel.", "Enter a phone number of United Kingdom"):
        assert words in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"postcode": "12345"}, "Enter a British postcode, such as IP4 1AA."),
        ({"postcode": ""}, "Enter the postcode."),
        ({"phone": "12"}, "Enter a phone number of United Kingdom"),
        ({"country": "US", "postcode": "95014"}, "Choose the state."),
        ({"country": "US", "region": "CA", "postcode": "9501"}, "Enter the ZIP code like this: 95014."),
        ({"country": "GBR"}, "Choose the country."),
        ({"country": "\ud7ff"}, "Choose the country."),
    ],
)
def test_it_is_an_address_in_its_country(shopper: Client, changes: dict[str, str], words: str) -> None:
    answer = shopper.post(f"{PATH}new/", {**FACTS, **changes})
    assert words in answer.content.decode()
    assert not Address.objects.exists()


def test_it_is_kept_as_the_checkout_keeps_it(shopper: Client) -> None:
    shopper.post(f"{PATH}new/", {**FACTS, "postcode": "ip11xr", "region": "not asked for"})
    address = Address.objects.get()
    assert (address.postcode, address.phone, address.region) == ("IP1 1XR", "+441473000000", "")
    typed = {
        **FACTS,
        "country": "US",
        "city": "Cupertino",
        "region": "CA",
        "postcode": "95014",
        "phone": "408 996 1010",
    }
    shopper.post(f"{PATH}{address.pk}/", typed)
    address.refresh_from_db()
    assert (address.country, address.region, address.phone) == ("US", "CA", "+14089961010")


def test_another_country_asks_for_other_fields_and_keeps_what_was_typed(shopper: Client) -> None:
    """Also without JavaScript: there is a button for it."""
    page = shopper.get(f"{PATH}new/").content.decode()
    assert '<option value="GB" selected>' in page
    assert 'name="update"' in page
    assert 'name="region"' not in page
    page = shopper.post(f"{PATH}new/", {**FACTS, "country": "US", "update": "1"}).content.decode()
    assert '<option value="US" selected>' in page
    assert 'value="9 Thimble Row"' in page
    assert '<option value="CA">California</option>' in page
    assert "ZIP code" in page
    assert "field--invalid" not in page
    assert not Address.objects.exists()


@pytest.mark.parametrize("value", ["a\x07b", "a\nb", "\u2028", "x" * 101])
def test_no_street_breaks_a_label(shopper: Client, value: str) -> None:
    assert shopper.post(f"{PATH}new/", {**FACTS, "line_1": f"9 {value} Row"}).status_code == 200
    assert not Address.objects.exists()


def test_another_persons_address_is_not_there(shopper: Client) -> None:
    other = addresses.add_address(user=UserFactory(), facts=FACTS)
    for path in ("", "delete/", "default/"):
        assert shopper.post(f"{PATH}{other.pk}/{path}", FACTS).status_code == 404
    assert shopper.get(f"{PATH}{2**70}/").status_code == 404
    assert Address.objects.get().line_1 == "9 Thimble Row"


def test_one_of_them_is_the_default(ann: User) -> None:
    first, second, third = (addresses.add_address(user=ann, facts={**FACTS, "city": city}) for city in "ABC")
    assert addresses.default_address(user=ann) == first
    addresses.make_default(address=third)
    assert [a.city for a in addresses.addresses_of(user=ann)] == ["C", "A", "B"]
    addresses.delete_address(address=third)
    assert addresses.default_address(user=ann) == first
    addresses.change_address(address=second, facts={"city": "D"}, default=True)
    assert addresses.checkout_facts(user=ann, country="GB")["city"] == "D"


def test_there_is_a_limit(ann: User, shopper: Client) -> None:
    for _ in range(addresses.ADDRESSES_MOST):
        addresses.add_address(user=ann, facts=FACTS)
    page = shopper.post(f"{PATH}new/", FACTS, follow=True).content.decode()
    assert "You have 20 addresses, the most we keep. Delete one first." in page


def test_what_the_checkout_fills_in(ann: User) -> None:
    assert addresses.checkout_facts(user=ann, country="GB") == {"email": "ann@example.com", "name": "Ann Archer"}
    addresses.add_address(user=ann, facts=FACTS)
    facts: dict[str, Any] = addresses.checkout_facts(user=ann, country="GB")
    assert facts["address_line_1"] == "9 Thimble Row"
    assert facts["postcode"] == "IP1 1XR"
    assert "address_line_2" not in facts
    addresses.add_address(user=ann, facts={**FACTS, "city": "Lyon", "country": "FR"})
    assert addresses.checkout_facts(user=ann, country="FR")["city"] == "Lyon"
    assert "city" not in addresses.checkout_facts(user=ann, country="DE")
    assert addresses.checkout_facts(user=None, country="GB") == {}


def test_visitors_are_asked_to_log_in(client: Client) -> None:
    for path in ("", "new/", "1/"):
        assert client.get(f"{PATH}{path}")["Location"].startswith("/account/login/?next=/account/addresses/")
