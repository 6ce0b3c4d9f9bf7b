"""The link to an order: cannot be guessed or altered, ends, and then helps."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail, signing
from django.test import Client

from shop.accounts.privacy import ERASED_EMAIL
from shop.accounts.tests.factories import UserFactory
from shop.orders import services
from shop.orders.links import LinkExpired, LinkInvalid, order_from_token, order_path, order_token, order_url
from shop.orders.models import Order, OrderEvent
from shop.orders.tests.factories import make_order

pytestmark = pytest.mark.django_db
DAY = 24 * 3600


@pytest.fixture
def order(home_page: object) -> Order:
    return make_order()


@pytest.fixture
def old_token(order: Order, settings: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """A link that was made just too long ago."""
    now = time.time()
    with monkeypatch.context() as past:
        past.setattr("django.core.signing.time.time", lambda: now - settings.ORDER_LINK_MAX_AGE - 1)
        return order_token(order=order)


def test_it_leads_back(order: Order) -> None:
    assert order_from_token(token=order_token(order=order)) == order
    assert order_url(order=order).startswith(f"http://testserver/orders/{order.number}.")


def test_it_tells_no_row_id(order: Order) -> None:
    assert order_token(order=order).split(".")[0] == order.number


def test_it_ends(order: Order, old_token: str, settings: Any) -> None:
    assert settings.ORDER_LINK_MAX_AGE == 30 * DAY
    with pytest.raises(LinkExpired):
        order_from_token(token=old_token)
    assert order_from_token(token=old_token, expired_too=True) == order


def test_altered_links_are_refused(order: Order) -> None:
    other = make_order()
    token = order_token(order=order)
    number, stamp, signature = token.split(".")
    forged = [
        f"{other.number}.{stamp}.{signature}",
        f"{number}.{stamp}.{signature[:-1]}",
        f"{number}.zzzzzz.{signature}",
        number,
        "",
        token.upper(),
        signing.TimestampSigner(salt="another", sep=".").sign(number),
    ]
    for each in forged:
        with pytest.raises(LinkInvalid):
            order_from_token(token=each)


def test_a_link_to_an_order_that_is_gone(order: Order) -> None:
    token = order_token(order=order)
    order.delete()
    with pytest.raises(LinkInvalid):
        order_from_token(token=token)


class TestPages:
    def test_the_order(self, client: Client, order: Order) -> None:
        page = client.get(order_path(order=order))
        assert page.status_code == 200
        assert page.context["order"] == order
        assert "no-store" in page.headers["Cache-Control"]
        assert page.headers["Referrer-Policy"] == "same-origin"
        assert page.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"

    def test_only_a_guest_with_a_guests_order_is_offered_an_account(self, client: Client, order: Order) -> None:
        path, offer = order_path(order=order), "Keep your orders in an account"
        assert offer in client.get(path).content.decode()
        for changes in ({"status": "cancelled"}, {"email": ERASED_EMAIL}, {"customer": UserFactory()}):
            before = {name: getattr(order, name) for name in changes}
            Order.objects.update(**changes)
            assert offer not in client.get(path).content.decode(), changes
            Order.objects.update(**before)
        # Somebody with an account, even the owner of that address, reads of it nothing new.
        client.force_login(UserFactory())
        assert offer not in client.get(path).content.decode()

    def test_a_mail_program_may_look_whether_the_link_works(self, client: Client, order: Order) -> None:
        assert client.head(order_path(order=order)).status_code == 200

    @pytest.mark.parametrize("token", ["x", "7K3M-Q9XA-T21B", "7K3M-Q9XA-T21B.1.x", "%25", "'", "x" * 3000])
    def test_rubbish_is_answered_kindly(self, client: Client, order: Order, token: str) -> None:
        page = client.get(f"/orders/{token}/")
        assert page.status_code == 404
        assert "This link does not open an order" in page.content.decode()
        assert "no-store" in page.headers["Cache-Control"]

    def test_too_old(self, client: Client, order: Order, old_token: str) -> None:
        page = client.get(f"/orders/{old_token}/")
        assert page.status_code == 410
        text = page.content.decode()
        assert "This link has expired" in text
        assert f'action="/orders/{old_token}/renew/"' in text
        assert order.email not in text

    def test_a_new_one_is_sent_to_the_buyer_only(
        self, client: Client, order: Order, old_token: str, django_capture_on_commit_callbacks: Any
    ) -> None:
        for _ in range(3):
            with django_capture_on_commit_callbacks(execute=True):
                page = client.post(f"/orders/{old_token}/renew/", {"email": "thief@example.com"})
        assert "Look into your e-mail" in page.content.decode()
        [letter] = mail.outbox
        assert letter.to == ["ann@example.com"]

    def test_a_forged_one_is_answered_the_same_and_sends_nothing(
        self, client: Client, order: Order, django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            page = client.post("/orders/forged/renew/")
        assert page.status_code == 200
        assert "Look into your e-mail" in page.content.decode()
        assert mail.outbox == []

    def test_renewal_needs_a_token_of_the_page(self, order: Order, old_token: str) -> None:
        assert Client(enforce_csrf_checks=True).post(f"/orders/{old_token}/renew/").status_code == 403


@pytest.mark.database
def test_renewed_by_many_requests_at_once_it_is_sent_once(
    in_threads: Callable[[int, Callable[[int], Any]], list[Any]], order: Order
) -> None:
    promised = in_threads(8, lambda number: services.renew_link(order=Order.objects.get(pk=order.pk)))
    assert sorted(promised) == [False] * 7 + [True]
    assert OrderEvent.objects.filter(order=order, message__contains="to be sent again").count() == 1
