"""The cart of an account: merged once at a login, copied at each change."""

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from shop.accounts import addresses
from shop.accounts.models import User
from shop.accounts.services import vouch_for_address
from shop.accounts.tests.factories import PASSWORD, UserFactory
from shop.cart import saved
from shop.cart.models import SavedCart
from shop.cart.selectors import cart_items
from shop.cart.tests.factories import Shopper
from tests.factories import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home_page")]


@pytest.fixture
def ann() -> User:
    user = UserFactory(email="ann@example.com")
    vouch_for_address(user=user)
    make_product(sku="MUG", stock=50)
    make_product(sku="BOWL", stock=50)
    return user


def log_in(shopper: Shopper) -> None:
    answer = shopper.post("/account/login/", {"login": "ann@example.com", "password": PASSWORD})
    assert answer.status_code == 302


def test_the_cart_is_there_after_logging_out_and_in_elsewhere(ann: User) -> None:
    phone = Shopper()
    phone.add("MUG", 2)
    log_in(phone)
    assert SavedCart.objects.get().items == {"MUG": 2}
    phone.add("BOWL", 1)
    assert SavedCart.objects.get().items == {"MUG": 2, "BOWL": 1}
    answer = phone.post("/account/logout/")
    assert answer.cookies["cart_count"].value == ""
    assert phone.cart == {}
    desktop = Shopper()
    desktop.add("BOWL", 3)
    before = desktop.cookies["sessionid"].value
    log_in(desktop)
    assert desktop.cart == {"BOWL": 4, "MUG": 2}
    assert desktop.cookies["cart_count"].value == "6"
    assert desktop.cookies["sessionid"].value != before


def test_a_second_login_adds_nothing_again(ann: User) -> None:
    shopper = Shopper()
    shopper.add("MUG", 2)
    log_in(shopper)
    session = shopper.session
    assert saved.merge(session=session, user=ann) == {"MUG": 2}
    assert cart_items(session) == {"MUG": 2}


def test_an_emptied_cart_stays_empty(ann: User) -> None:
    shopper = Shopper()
    shopper.add("MUG", 2)
    log_in(shopper)
    shopper.post("/cart/remove/", {"sku": "MUG"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert not SavedCart.objects.exists()


def test_somebody_elses_login_in_the_same_browser_gets_nothing(ann: User) -> None:
    UserFactory(email="bob@example.com")
    vouch_for_address(user=User.objects.get(email="bob@example.com"))
    shopper = Shopper()
    shopper.add("MUG", 2)
    log_in(shopper)
    shopper.post("/account/logout/")
    shopper.post("/account/login/", {"login": "bob@example.com", "password": PASSWORD})
    assert shopper.cart == {}


def test_visitors_write_nothing_to_the_database(ann: User) -> None:
    Shopper().add("MUG", 2)
    assert not SavedCart.objects.exists()


def test_what_no_cart_can_have_is_left_out(ann: User) -> None:
    SavedCart.objects.create(user=ann, items={"MUG": -1, "BOWL": "x", "": 3, "GONE": 2})
    shopper = Shopper()
    log_in(shopper)
    assert shopper.cart == {"GONE": 2}
    assert "We no longer sell this." in shopper.get("/cart/").content.decode()


def test_prices_are_for_where_the_account_has_things_sent(ann: User) -> None:
    facts = {"name": "Ann", "line_1": "1 Rue", "city": "Lyon", "postcode": "69001", "country": "FR"}
    addresses.add_address(user=ann, facts=facts)
    shopper = Shopper()
    log_in(shopper)
    assert shopper.session["buyer"]["country"] == "FR"


units = st.dictionaries(st.text(min_size=1, max_size=5), st.integers(1, 99), max_size=120)


@given(units, units)
def test_adding_up(first: dict[str, int], second: dict[str, int]) -> None:
    together = saved.add_up(first, second)
    assert len(together) == min(len({*first, *second}), 100)
    for sku, quantity in together.items():
        assert quantity == min(first.get(sku, 0) + second.get(sku, 0), 99)


@pytest.mark.database
def test_a_process_of_the_release_before_can_still_keep_a_cart(ann: User) -> None:
    """It names the columns that it knows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cart_savedcart (user_id, items, updated_at) VALUES (%s, %s, %s)",
            [ann.pk, "{}", timezone.now()],
        )
    assert SavedCart.objects.get().sources == []
