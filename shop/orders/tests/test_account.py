"""Orders in the account area: whose they are, the list, buying again."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from shop.accounts.models import User
from shop.accounts.services import vouch_for_address
from shop.accounts.tests.factories import PASSWORD, UserFactory
from shop.catalog.models import Variant
from shop.orders.models import Order
from shop.orders.tests.factories import make_line, make_order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home_page")]
PATH = "/account/orders/"


@pytest.fixture
def ann() -> User:
    user = UserFactory(email="ann@example.com")
    vouch_for_address(user=user)
    return user


def log_in(client: Client) -> Any:
    return client.post("/account/login/", {"login": "ann@example.com", "password": PASSWORD})


class TestClaiming:
    def test_a_guests_orders_are_the_accounts_once_the_address_is_confirmed(
        self, client: Client, django_capture_on_commit_callbacks: Any
    ) -> None:
        order = make_order()
        with django_capture_on_commit_callbacks(execute=True):
            client.post("/account/signup/", {"email": "ann@example.com", "password1": PASSWORD})
        order.refresh_from_db()
        assert order.customer is None, "anybody can type an address"
        link = mail.outbox[-1].body.split("http://testserver")[1].split()[0]
        client.post(link)
        order.refresh_from_db()
        assert order.customer == User.objects.get()
        assert order.number in client.get(PATH).content.decode()

    def test_what_was_ordered_since_without_logging_in_comes_with_the_next_login(
        self, client: Client, ann: User
    ) -> None:
        order = make_order()
        log_in(client)
        order.refresh_from_db()
        assert order.customer == ann

    def test_other_peoples_orders_stay_theirs(self, client: Client, ann: User) -> None:
        bob = UserFactory()
        order = make_order()
        Order.objects.update(customer=bob)
        log_in(client)
        order.refresh_from_db()
        assert order.customer == bob


class TestTheList:
    def test_the_way_to_an_order(self, client: Client, ann: User) -> None:
        order = make_order()
        log_in(client)
        page = client.get(PATH).content.decode()
        assert "Awaiting payment" in page
        assert "1 × Product MUG" in page
        shown = client.get(f"{PATH}{order.number}/", follow=True)
        assert f"Order {order.number}" in shown.content.decode()

    def test_another_persons_order_does_not_exist(self, client: Client, ann: User) -> None:
        order = make_order()
        Order.objects.update(customer=UserFactory(), email="bob@example.com")
        log_in(client)
        assert order.number not in client.get(PATH).content.decode()
        assert client.get(f"{PATH}{order.number}/").status_code == 404
        assert client.post(f"{PATH}{order.number}/again/").status_code == 404

    def test_nobody_looks_without_a_login(self, client: Client) -> None:
        assert client.get(PATH)["Location"] == "/account/login/?next=/account/orders/"

    def test_nothing_yet(self, client: Client, ann: User) -> None:
        log_in(client)
        assert "You have not ordered anything yet." in client.get(PATH).content.decode()

    def test_the_queries_do_not_grow(self, client: Client, ann: User, django_assert_max_num_queries: Any) -> None:
        for _ in range(5):
            make_order()
        log_in(client)
        client.get(PATH)
        with django_assert_max_num_queries(8):
            client.get(PATH)


class TestBuyingAgain:
    def test_everything_is_there(self, client: Client, ann: User) -> None:
        order = make_order(make_line("MUG", quantity=2), make_line("BOWL"))
        log_in(client)
        page = client.post(f"{PATH}{order.number}/again/", follow=True)
        assert page.redirect_chain == [("/cart/", 302)]
        assert "It is all in your cart again." in page.content.decode()
        assert client.session["cart"] == {"MUG": 2, "BOWL": 1}

    def test_what_is_gone_is_named(self, client: Client, ann: User) -> None:
        order = make_order(make_line("MUG"), make_line("BOWL"))
        Variant.objects.filter(sku="BOWL").update(active=False)
        log_in(client)
        page = client.post(f"{PATH}{order.number}/again/", follow=True).content.decode()
        assert "What is still sold of it is in your cart. Product BOWL: “Product BOWL” cannot be bought now." in page
        assert client.session["cart"] == {"MUG": 1}
