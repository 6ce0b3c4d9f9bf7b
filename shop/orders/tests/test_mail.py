"""Letters: promised with the order, sent once, sent again after trouble, and readable."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.utils import timezone

from shop.accounts.tests.factories import UserFactory
from shop.orders import mail, services
from shop.orders.models import Order, OrderEvent, OrderMail
from shop.orders.tests.factories import CONTACT, make_line, make_order

pytestmark = pytest.mark.django_db
CONFIRMATION = OrderMail.Kind.CONFIRMATION


class BrokenBackend(BaseEmailBackend):
    """A mail server that is down."""

    def send_messages(self, email_messages: Any) -> int:
        raise ConnectionRefusedError("mail server is down")


@pytest.fixture
def order(home_page: object) -> Order:
    return make_order(make_line("MUG", quantity=2, title="Mug & saucer", options_label="Sea"))


class RefusingBackend(BaseEmailBackend):
    """A mail server that does not know the buyer."""

    def send_messages(self, email_messages: Any) -> int:
        raise SMTPRecipientsRefused({"ann@example.com": (550, b"No such user: ann@example.com")})


def html(letter: EmailMultiAlternatives) -> str:
    """The letter's one other form."""
    [(content, kind)] = letter.alternatives
    assert kind == "text/html"
    return str(content)


class TestDelivery:
    def test_sent_after_the_commit(self, order: Order, django_capture_on_commit_callbacks: Any) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            services.request_mail(order=order, kind=CONFIRMATION)
            assert outbox.outbox == []
        assert len(outbox.outbox) == 1
        letter = OrderMail.objects.get()
        assert letter.sent_at is not None
        assert (letter.attempts, letter.claimed_at, letter.last_error) == (1, None, "")
        event = OrderEvent.objects.get(kind="mail")
        assert event.message == "Confirmation sent to ann@example.com"

    def test_promised_twice_sent_once(self, order: Order, django_capture_on_commit_callbacks: Any) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            services.request_mail(order=order, kind=CONFIRMATION)
            services.request_mail(order=order, kind=CONFIRMATION)
        assert mail.deliver(mail_id=OrderMail.objects.get().pk) is False
        assert len(outbox.outbox) == 1

    def test_not_while_another_worker_is_at_it(self, order: Order) -> None:
        letter = services.request_mail(order=order, kind=CONFIRMATION)
        OrderMail.objects.update(claimed_at=timezone.now())
        assert mail.deliver(mail_id=letter.pk) is False
        OrderMail.objects.update(claimed_at=timezone.now() - mail.CLAIM_TIMEOUT - timedelta(seconds=1))
        assert mail.deliver(mail_id=letter.pk) is True

    def test_a_letter_that_is_none(self, home_page: object) -> None:
        assert mail.deliver(mail_id=999) is False


class TestTrouble:
    def test_is_kept_on_the_row_and_the_sweeper_sends_it(
        self, order: Order, settings: Any, django_capture_on_commit_callbacks: Any, capsys: Any
    ) -> None:
        working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "shop.orders.tests.test_mail.BrokenBackend"
        with django_capture_on_commit_callbacks(execute=True):
            services.request_mail(order=order, kind=CONFIRMATION)
        letter = OrderMail.objects.get()
        assert (letter.sent_at, letter.attempts) == (None, 1)
        assert letter.last_error == "ConnectionRefusedError: mail server is down"
        settings.EMAIL_BACKEND = working
        call_command("send_pending_mail")
        assert capsys.readouterr().out == "0 of 0 waiting letters sent.\n"  # too young: the worker may be at it
        call_command("send_pending_mail", older_than=0)
        assert capsys.readouterr().out == "1 of 1 waiting letters sent.\n"
        call_command("send_pending_mail", older_than=0)
        assert capsys.readouterr().out == "0 of 0 waiting letters sent.\n"
        assert len(outbox.outbox) == 1

    def test_a_refusal_is_logged_without_the_address(
        self, order: Order, settings: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        settings.EMAIL_BACKEND = "shop.orders.tests.test_mail.RefusingBackend"
        letter = services.request_mail(order=order, kind=CONFIRMATION)
        assert mail.deliver(mail_id=letter.pk) is False
        [record] = [record for record in caplog.records if record.name == "shop.orders.mail"]
        assert (record.getMessage(), record.__dict__["error"]) == (
            "Order mail could not be sent",
            "SMTPRecipientsRefused",
        )
        assert "ann@example.com" not in caplog.text
        letter.refresh_from_db()
        assert "No such user: ann@example.com" in letter.last_error

    def test_a_crash_before_the_task_was_queued(self, order: Order) -> None:
        services.request_mail(order=order, kind=CONFIRMATION)  # its commit hook never runs here
        call_command("send_pending_mail", older_than=0)
        assert len(outbox.outbox) == 1

    def test_a_queue_that_fails_does_not_fail_the_order(
        self, order: Order, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
    ) -> None:
        def broken(mail_id: int) -> None:
            raise RuntimeError("queue is down")

        monkeypatch.setattr(mail, "_enqueue", broken)
        with django_capture_on_commit_callbacks() as callbacks:
            services.request_mail(order=order, kind=CONFIRMATION)
        assert len(callbacks) == 1
        assert mail.pending(older_than=timedelta(0)) == [OrderMail.objects.get().pk]

    def test_given_up_after_many_failures(self, order: Order, settings: Any, capsys: Any) -> None:
        settings.EMAIL_BACKEND = "shop.orders.tests.test_mail.BrokenBackend"
        services.request_mail(order=order, kind=CONFIRMATION)
        for _ in range(mail.MAX_ATTEMPTS):
            call_command("send_pending_mail", older_than=0)
        capsys.readouterr()
        call_command("send_pending_mail", older_than=0)
        out, err = capsys.readouterr()
        assert out == "0 of 0 waiting letters sent.\n"
        assert err == "1 letters were given up after 8 attempts: see the orders.\n"

    def test_staff_send_it_again(self, order: Order, django_capture_on_commit_callbacks: Any) -> None:
        clerk = UserFactory()
        for _ in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                services.resend_mail(order=order, kind=CONFIRMATION, actor=clerk)
        assert len(outbox.outbox) == 2
        assert OrderMail.objects.count() == 1


class TestLetter:
    def test_confirmation(self, order: Order) -> None:
        letter = mail.compose(order=order, kind=CONFIRMATION)
        assert letter.subject == f"Your order {order.number} at Cornhill"
        assert letter.to == ["ann@example.com"]
        page = html(letter)
        for words in (
            order.number,
            "Sea",
            "£25.00",
            "£3.95",
            "£28.95",
            "£4.83",
            "Ann Archer",
            "1 Quay Street",
            "IP4 1AA",
        ):
            assert words in letter.body, words
            assert words in page, words
        link = f"http://testserver/orders/{order.number}."
        assert link in letter.body
        assert link in page
        # Text is text, HTML is safe.
        assert "Mug & saucer" in letter.body
        assert "Mug &amp; saucer" in page

    def test_names_are_escaped_in_html_only(self, home_page: object) -> None:
        from dataclasses import replace

        order = make_order(contact=replace(CONTACT, name="<b>O'Neill</b>"))
        letter = mail.compose(order=order, kind=CONFIRMATION)
        assert "Thank you, <b>O'Neill</b>." in letter.body
        assert "<b>O" not in html(letter)

    def test_payment_received(self, order: Order) -> None:
        letter = mail.compose(order=order, kind=OrderMail.Kind.PAYMENT_RECEIVED)
        assert letter.subject == f"Your payment for order {order.number} has arrived"
        assert "Your payment of £28.95" in letter.body
        assert "We have received £28.95" in html(letter)

    def test_subject_is_one_line(self, order: Order) -> None:
        for kind in set(OrderMail.Kind) - {OrderMail.Kind.SHIPPED, OrderMail.Kind.REFUNDED}:
            assert "\n" not in mail.compose(order=order, kind=kind).subject


class TestPromises:
    """What was said of delivery is repeated only while it holds."""

    @pytest.fixture
    def waiting(self, home_page: object) -> Order:
        order = make_order(make_line("MUG", quantity=2, note="Expected on 14 December 2026."))
        Order.objects.update(delivery_estimate="Arrives Wed 25 Nov")
        order.refresh_from_db()
        return order

    def words(self, order: Order, kind: OrderMail.Kind) -> str:
        letter = mail.compose(order=Order.objects.get(pk=order.pk), kind=kind)
        return str(letter.body) + html(letter)

    def test_not_before_the_money_is_there(self, waiting: Order) -> None:
        words = self.words(waiting, CONFIRMATION)
        assert "Arrives" not in words
        assert words.count("Expected on 14 December 2026.") == 2

    def test_once_it_is_paid(self, waiting: Order) -> None:
        services.mark_paid(order_id=waiting.pk)
        assert self.words(waiting, CONFIRMATION).count("Arrives Wed 25 Nov") == 2

    def test_not_of_money_that_came_later(self, waiting: Order) -> None:
        Order.objects.update(placed_at=timezone.now() - timedelta(days=3))
        services.mark_paid(order_id=waiting.pk)
        assert "Arrives" not in self.words(waiting, OrderMail.Kind.PAYMENT_RECEIVED)

    def test_not_of_what_is_cancelled(self, waiting: Order) -> None:
        services.mark_paid(order_id=waiting.pk)
        services.cancel(order_id=waiting.pk)
        words = self.words(waiting, OrderMail.Kind.CANCELLED)
        assert "Arrives" not in words
        assert "Expected on" not in words
