"""From “Sold out” to the letter, and no further."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shop.catalog.models import ProductPage
from shop.inventory import services as inventory
from shop.stock_alerts import letters, services
from shop.stock_alerts.models import StockAlert
from shop.stock_alerts.views import PER_EMAIL
from tests.factories import add_variant, make_product

pytestmark = pytest.mark.django_db

URL = "/back-in-stock/"
OWN = {"HTTP_SEC_FETCH_SITE": "same-origin"}


@pytest.fixture
def mug(home_page: object) -> ProductPage:
    return make_product(title="Mug", sku="MUG", stock=0)


def ask(client: Client, email: str = "ann@example.com", **more: Any) -> Any:
    return client.post(URL, {"sku": "MUG", "email": email, **more}, **OWN)  # type: ignore[arg-type]


def waiting() -> list[tuple[str, str]]:
    return list(StockAlert.objects.values_list("sku", "email"))


class TestAsking:
    def test_the_form_stands_where_something_is_sold_out(self, client: Client, mug: ProductPage) -> None:
        page = client.get(mug.url).content.decode()
        assert 'action="/back-in-stock/"' in page
        assert "Tell me when it is back" in page
        assert "Set-Cookie" not in client.get(mug.url).headers

    def test_and_not_where_it_can_be_bought(self, client: Client, mug: ProductPage) -> None:
        inventory.receive(sku="MUG", quantity=1)
        assert "Tell me when" not in client.get(mug.url).content.decode()

    def test_an_address_is_kept_once_in_lower_case(self, client: Client, mug: ProductPage) -> None:
        for email in ("Ann@Example.com", "ann@example.com"):
            answer = ask(client, email)
            assert (answer.status_code, "We write to you once" in answer.content.decode()) == (200, True)
        assert waiting() == [("MUG", "ann@example.com")]

    def test_htmx_gets_the_form_s_place(self, client: Client, mug: ProductPage) -> None:
        answer = client.post(
            URL, {"sku": "MUG", "email": "ann"}, headers={"HX-Request": "true", "Sec-Fetch-Site": "same-origin"}
        )
        page = answer.content.decode()
        assert answer.status_code == 200
        assert page.startswith('<div class="stock-alert"')
        assert "Enter a whole e-mail address" in page
        assert 'value="ann"' in page

    @pytest.mark.parametrize("email", ["", "ann", "a" * 300 + "@example.com", "ann@example.com\nBcc: x@y.z"])
    def test_what_is_no_address_is_said_to_be_none(self, client: Client, mug: ProductPage, email: str) -> None:
        answer = ask(client, email)
        assert (answer.status_code, waiting()) == (422, [])

    @pytest.mark.parametrize("sku", ["", "NONE", "x" * 300, "MUG'--"])
    def test_what_is_not_sold_here_is_not_found(self, client: Client, mug: ProductPage, sku: str) -> None:
        answer = client.post(URL, {"sku": sku, "email": "ann@example.com"}, **OWN)  # type: ignore[arg-type]
        assert (answer.status_code, waiting()) == (404, [])

    def test_what_is_back_already_is_said_to_be(self, client: Client, mug: ProductPage) -> None:
        inventory.receive(sku="MUG", quantity=1)
        assert "It is back already" in ask(client).content.decode()
        assert waiting() == []

    def test_other_sites_and_robots_leave_nothing(self, client: Client, mug: ProductPage) -> None:
        data = {"sku": "MUG", "email": "ann@example.com"}
        assert client.post(URL, data, HTTP_SEC_FETCH_SITE="cross-site").status_code == 403
        assert "We write to you once" in ask(client, website="https://example.com").content.decode()
        assert client.get(URL).status_code == 405
        assert waiting() == []

    def test_nobody_fills_another_s_letter_box(self, client: Client, mug: ProductPage) -> None:
        for number in range(PER_EMAIL.tries):
            add_variant(mug, sku=f"MUG-{number}", stock=0, options=[("Size", str(number))])
            client.post(URL, {"sku": f"MUG-{number}", "email": "ann@example.com"}, **OWN)  # type: ignore[arg-type]
        answer = ask(client)
        assert (answer.status_code, "You have asked very often" in answer.content.decode()) == (429, True)
        assert StockAlert.objects.count() == PER_EMAIL.tries


class TestLetters:
    def test_one_letter_and_the_address_is_forgotten(self, client: Client, mug: ProductPage) -> None:
        ask(client)
        assert letters.send_due() == (0, 0)
        inventory.receive(sku="MUG", quantity=1)
        assert letters.send_due() == (1, 0)
        (letter,) = mail.outbox
        assert letter.to == ["ann@example.com"]
        assert letter.subject.startswith("Mug is back at ")
        assert f"{mug.full_url}?sku=MUG" in letter.body
        assert "£12.50" in letter.body
        assert waiting() == []
        assert letters.send_due() == (0, 0)

    def test_what_can_only_be_pre_ordered_is_not_back(self, client: Client, mug: ProductPage) -> None:
        ask(client)
        inventory.set_backorders(sku="MUG", limit=5)
        assert letters.send_due() == (0, 0)

    def test_a_product_that_is_gone_is_not_back(self, client: Client, mug: ProductPage) -> None:
        ask(client)
        inventory.receive(sku="MUG", quantity=1)
        mug.unpublish()
        assert letters.send_due() == (0, 0)

    def test_those_who_have_waited_longest_come_first_five_for_a_unit(self, client: Client, mug: ProductPage) -> None:
        variant = mug.variants.get()
        for number in range(7):
            services.ask(variant=variant, email=f"buyer{number}@example.com")
        inventory.receive(sku="MUG", quantity=1)
        assert letters.send_due() == (5, 2)
        assert [letter.to[0] for letter in mail.outbox] == [f"buyer{number}@example.com" for number in range(5)]
        inventory.adjust(sku="MUG", quantity=-1)
        assert letters.send_due() == (0, 0)
        assert StockAlert.objects.count() == 2

    def test_a_mail_server_that_refuses_leaves_the_promise(
        self, client: Client, mug: ProductPage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*args: object) -> int:
            raise ConnectionRefusedError("no server")

        ask(client)
        inventory.receive(sku="MUG", quantity=1)
        with monkeypatch.context() as patch:
            patch.setattr(EmailMessage, "send", refuse)
            for _ in range(letters.MAX_ATTEMPTS + 2):
                assert letters.send_due()[0] == 0
        alert = StockAlert.objects.get()
        assert (alert.attempts, alert.last_error) == (letters.MAX_ATTEMPTS, "ConnectionRefusedError")
        StockAlert.objects.update(attempts=1)
        assert letters.send_due() == (1, 0)

    def test_a_claim_that_a_crash_has_left_counts_no_longer(self, client: Client, mug: ProductPage) -> None:
        ask(client)
        inventory.receive(sku="MUG", quantity=1)
        StockAlert.objects.update(claimed_at=timezone.now())
        assert letters.send_due() == (0, 0)
        StockAlert.objects.update(claimed_at=timezone.now() - letters.CLAIM_TIMEOUT - timedelta(seconds=1))
        assert letters.send_due() == (1, 0)

    def test_after_half_a_year_nobody_waits(self, client: Client, mug: ProductPage) -> None:
        ask(client)
        StockAlert.objects.update(created_at=timezone.now() - letters.KEPT - timedelta(days=1))
        call_command("send_stock_alerts")
        assert waiting() == []

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.database
    def test_two_workers_write_one_letter(self, home_page: object) -> None:
        product = make_product(sku="MUG", stock=0)
        services.ask(variant=product.variants.get(), email="ann@example.com")
        inventory.receive(sku="MUG", quantity=1)
        sent: list[int] = []

        def work() -> None:
            sent.append(letters.send_due()[0])
            connections.close_all()

        workers = [threading.Thread(target=work) for _ in range(6)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert (sum(sent), len(mail.outbox)) == (1, 1)


def test_staff_see_how_many_wait_and_no_address(admin_client: Client, mug: ProductPage) -> None:
    variant = mug.variants.get()
    for number in range(3):
        services.ask(variant=variant, email=f"buyer{number}@example.com")
    page = admin_client.get(reverse("stock_alerts_wanted")).content.decode()
    assert "MUG" in page
    assert "@example.com" not in page.replace("admin@example.com", "")
    table = admin_client.get(reverse("stock_alerts_wanted"), {"export": "csv"}).getvalue().decode()
    assert table.splitlines()[1].startswith("MUG,Mug,3,")
