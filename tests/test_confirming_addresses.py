"""Confirming an address, where somebody else has asked for it."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.test import Client

from shop.accounts.models import User
from shop.accounts.services import vouch_for_address
from shop.accounts.tests.conftest import at_once  # noqa: F401  (a fixture)
from shop.accounts.tests.factories import PASSWORD, UserFactory
from shop.accounts.tests.test_login import NEW_PASSWORD, RESET, SIGNUP, change_address, link_in, log_in
from shop.orders.models import Order
from shop.orders.tests.factories import make_order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home_page", "at_once")]
VICTIM = "victim@example.com"


@pytest.fixture
def ann() -> User:
    """Somebody with an account, whose address is confirmed."""
    user: User = UserFactory(email="ann@example.com")
    vouch_for_address(user=user)
    return user


def sign_up(client: Client, password: str = PASSWORD) -> str:
    """Gives the link of the letter."""
    client.post(SIGNUP, {"email": VICTIM, "password1": password})
    return link_in(mail.outbox[-1])


def choose_password(link: str) -> Any:
    client = Client()
    form = client.get(link, follow=True)
    return client.post(form.redirect_chain[-1][0], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})


@pytest.fixture
def order() -> Order:
    """What the victim has bought as a guest."""
    order = make_order()
    Order.objects.filter(pk=order.pk).update(email=VICTIM)
    return order


class TestSomebodyElseSignedUp:
    def test_a_click_does_not_give_them_the_account(self, order: Order) -> None:
        link, owner = sign_up(Client()), Client()
        page = owner.get(link).content.decode()
        assert "Then enter the password of your account" in page
        for fields in ({}, {"password": ""}, {"password": "what the owner would choose"}):
            assert owner.post(link, fields).status_code == 200
        assert not EmailAddress.objects.filter(verified=True).exists()
        order.refresh_from_db()
        assert order.customer is None

    def test_the_owner_takes_it_over_with_a_new_password(self, order: Order) -> None:
        stranger, owner = Client(), Client()
        sign_up(stranger)
        owner.post(RESET, {"email": VICTIM})
        choose_password(link_in(mail.outbox[-1]))
        assert log_in(stranger, VICTIM).status_code == 200, "the stranger's password is gone"
        cache.clear()  # the pause between two letters
        assert log_in(owner, VICTIM, NEW_PASSWORD)["Location"] == "/account/confirm-email/"
        assert owner.post(link_in(mail.outbox[-1]))["Location"] == "/account/"
        order.refresh_from_db()
        assert order.customer is not None
        assert stranger.get("/account/").status_code == 302

    def test_oneself_on_another_device(self, client: Client) -> None:
        link = sign_up(Client())
        assert "This is not your password." in client.post(link, {"password": "x"}).content.decode()
        assert client.post(link, {"password": PASSWORD})["Location"] == "/account/"
        assert client.get("/account/").status_code == 200

    def test_the_second_step_stays(self, ann: User) -> None:
        asking, elsewhere = Client(), Client()
        log_in(asking)
        change_address(asking, VICTIM)
        link = link_in(next(letter for letter in mail.outbox if letter.to == [VICTIM]))
        Authenticator.objects.create(user=ann, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
        answer = elsewhere.post(link, {"password": PASSWORD})
        assert answer["Location"].startswith("/account/second-step/authenticate/")
        assert elsewhere.get("/account/").status_code == 302


class TestSomebodyElseAskedToChangeToIt:
    @pytest.fixture
    def link(self, ann: User) -> str:
        """The letter that the victim gets."""
        client = Client()
        log_in(client)
        change_address(client, VICTIM)
        found = link_in(next(letter for letter in mail.outbox if letter.to == [VICTIM]))
        mail.outbox.clear()
        cache.clear()
        return found

    def test_a_click_does_not_hand_them_orders(self, link: str, order: Order, ann: User) -> None:
        assert "Then enter the password" in Client().post(link).content.decode()
        ann.refresh_from_db()
        order.refresh_from_db()
        assert (ann.email, order.customer) == ("ann@example.com", None)

    def test_the_owner_still_signs_up(self, link: str, client: Client, ann: User) -> None:
        own = sign_up(client)
        assert mail.outbox[-1].subject == "Welcome to Cornhill"
        answer = Client().post(link, {"password": PASSWORD})
        assert "This link does not work" in answer.content.decode()
        assert client.post(own)["Location"] == "/account/"
        assert EmailAddress.objects.get(verified=True, email=VICTIM).user.email == VICTIM
        ann.refresh_from_db()
        assert ann.email == "ann@example.com"
        assert "This link does not work" in Client().post(link, {"password": PASSWORD}).content.decode()

    def test_a_new_password_is_for_the_accounts_own_address(self, link: str, ann: User) -> None:
        Client().post(RESET, {"email": VICTIM})
        assert [letter.subject for letter in mail.outbox] == ["There is no account with this address"]
        assert ann.check_password(PASSWORD)
