"""From the cart to the order as a browser goes: what a buyer meets, and what happens to order, payment and stock."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from shop.accounts.tests.factories import UserFactory
from shop.catalog.models import Variant
from shop.checkout.models import CheckoutAttempt
from shop.checkout.tests.factories import (
    APPROVES,
    DECLINES,
    DETAILS,
    INVOICE,
    Buyer,
    set_price,
    stock,
)
from shop.orders.models import Order
from shop.orders.statuses import Status
from shop.payments.models import Payment
from shop.payments.statuses import PaymentStatus

pytestmark = pytest.mark.django_db
Commits = Callable[..., Any]


class TestThePage:
    def test_seven_fields_and_the_payment(self, buyer: Buyer) -> None:
        page = buyer.get("/checkout/")
        context = page.context
        extra = max(len(list(choice.form)) if choice.form else 0 for choice in context["providers"])
        # Country and delivery have one choice each, and are not asked; what only businesses need is folded away.
        shown = page.content.decode().partition('<details class="business"')
        asked = re.findall(
            r'<(?:input|select)[^>]*name="([\w-]+)"[^>]*autocomplete=', shown[0] + shown[2].partition("</details>")[2]
        )
        assert [name for name in asked if name not in ("q", "coupon")] == [
            "email",
            "phone",
            "name",
            "address_line_1",
            "address_line_2",
            "city",
            "postcode",
        ]
        assert extra <= 1
        assert 'type="radio" name="delivery"' not in page.content.decode()

    def test_browsers_can_fill_it_in(self, buyer: Buyer) -> None:
        text = buyer.get("/checkout/").content.decode()
        found = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*autocomplete="([\w-]+)"', text))
        found.pop("q", None)  # the search box at the top
        assert found == {
            "coupon": "off",
            "email": "email",
            "phone": "tel",
            "name": "name",
            "company": "organization",
            "tax_number": "off",
            "address_line_1": "address-line1",
            "address_line_2": "address-line2",
            "city": "address-level2",
            "postcode": "postal-code",
        }

    def test_ways_to_pay(self, buyer: Buyer) -> None:
        page = buyer.get("/checkout/")
        assert [(choice.code, bool(choice.form)) for choice in page.context["providers"]] == [
            ("dummy", True),
            ("invoice", False),
        ]
        assert page.context["form"]["provider"].value() == "dummy"
        assert page.content.decode().count('name="dummy-card"') == 3

    def test_never_stored_and_needs_a_token(self, buyer: Buyer) -> None:
        assert "no-store" in buyer.get("/checkout/").headers["Cache-Control"]
        assert "no-store" in buyer.post("/checkout/", {}).headers["Cache-Control"]
        strict = Client(enforce_csrf_checks=True)
        assert strict.post("/checkout/", {}).status_code == 403
        assert strict.post("/checkout/confirm/x/", {}).status_code == 403

    def test_an_empty_cart_goes_back_to_the_cart(self, home_page: object) -> None:
        browser = Buyer()
        assert browser.get("/checkout/").headers["Location"] == "/cart/"
        assert browser.post("/checkout/", {**DETAILS, **APPROVES}).headers["Location"] == "/cart/"

    def test_queries(self, buyer: Buyer, django_assert_max_num_queries: Any) -> None:
        buyer.get("/checkout/")
        with django_assert_max_num_queries(18):
            buyer.get("/checkout/")


class TestApproved:
    def test_the_order(self, buyer: Buyer) -> None:
        answer = buyer.check_out(address_line_2="Flat 2", email="Ann@Example.com")
        order = Order.objects.get()
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith(f"/orders/{order.number}.")
        assert (order.status, order.email, order.name) == (Status.PAID, "ann@example.com", "Ann Archer")
        assert order.address_lines == ["Ann Archer", "1 Quay Street", "Flat 2", "Ipswich", "IP4 1AA"]
        assert (order.country, order.customer) == ("GB", None)
        assert (order.subtotal, order.shipping_total, order.total, order.currency) == (2500, 395, 2895, "GBP")
        assert (order.shipping_label, order.shipping_tax_rate, order.shipping_tax) == ("Standard delivery", 2000, 66)
        assert (order.tax_label, order.tax_total) == ("VAT", 417 + 66)
        assert (order.payment_method, order.payment_label) == ("dummy", "Test card")
        line = order.lines.get()
        assert (line.sku, line.title, line.unit_price, line.quantity) == ("MUG", "Stoneware mug", 1250, 2)
        assert (line.line_total, line.tax_rate, line.tax, line.discount) == (2500, 2000, 417, 0)
        payment = Payment.objects.get()
        assert (payment.status, payment.amount, payment.captured) == (PaymentStatus.CAPTURED, 2895, 2895)
        assert CheckoutAttempt.objects.get().order == order
        assert stock() == (8, 0)

    def test_the_cart_is_empty_afterwards(self, buyer: Buyer) -> None:
        answer = buyer.check_out()
        assert buyer.cart == {}
        assert answer.cookies["cart_count"].value == ""
        assert buyer.get("/checkout/").headers["Location"] == "/cart/"
        assert "ann@example.com" not in str(dict(buyer.session))

    def test_the_letter(self, buyer: Buyer, django_capture_on_commit_callbacks: Commits) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            buyer.check_out()
        [letter] = mail.outbox
        order = Order.objects.get()
        assert letter.to == ["ann@example.com"]
        assert letter.subject == f"Your order {order.number} at Cornhill"
        assert order.mails.get().sent_at is not None

    def test_trouble_with_the_mail_does_not_touch_the_order(
        self, buyer: Buyer, django_capture_on_commit_callbacks: Commits, settings: Any
    ) -> None:
        settings.EMAIL_BACKEND = "shop.orders.tests.test_mail.BrokenBackend"
        with django_capture_on_commit_callbacks(execute=True):
            assert buyer.check_out().status_code == 303
        order = Order.objects.get()
        assert order.status == Status.PAID
        assert order.mails.get().sent_at is None

    def test_the_confirmation_page(self, buyer: Buyer) -> None:
        page = buyer.get(buyer.check_out().headers["Location"])
        assert page.status_code == 200
        text = page.content.decode()
        for words in (Order.objects.get().number, "Stoneware mug", "£28.95", "£4.83", "IP4 1AA"):
            assert words in text
        assert "no-store" in page.headers["Cache-Control"]
        assert "noindex" in page.headers["X-Robots-Tag"]

    def test_who_is_logged_in_owns_the_order(self, buyer: Buyer) -> None:
        user = UserFactory()
        buyer.force_login(user)
        buyer.add("MUG", 1)
        buyer.check_out()
        assert Order.objects.get().customer == user

    def test_nothing_on_the_order_follows_the_catalogue(self, buyer: Buyer) -> None:
        buyer.check_out()
        before = list(Order.objects.values()), list(Order.objects.values("lines__title", "lines__unit_price"))
        set_price(9900)
        product = Variant.objects.get().product
        product.title = "Renamed"
        product.save()
        Variant.objects.all().delete()
        assert (list(Order.objects.values()), list(Order.objects.values("lines__title", "lines__unit_price"))) == before

    def test_delivery_is_free_from_the_threshold(self, buyer: Buyer) -> None:
        buyer.add("MUG", 2)
        buyer.check_out()
        order = Order.objects.get()
        assert (order.subtotal, order.shipping_total, order.shipping_tax, order.total) == (5000, 0, 0, 5000)


class TestDeclined:
    def test_back_to_a_filled_in_checkout_with_the_reason(self, buyer: Buyer) -> None:
        form = buyer.form(**DECLINES)
        answer = buyer.post("/checkout/", form)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/checkout/")
        page = buyer.get("/checkout/")
        assert page.context["payment_error"].startswith("The card was declined. Nothing was taken.")
        assert "The card was declined." in page.content.decode()
        shown = page.context["form"]
        assert [shown[name].value() for name in ("email", "name", "postcode", "provider")] == [
            "ann@example.com",
            "Ann Archer",
            "ip41aa",
            "dummy",
        ]
        assert str(shown["attempt"].value()) != form["attempt"]
        assert buyer.get("/checkout/").context["payment_error"] == ""

    def test_stock_goes_back_and_the_cart_stays(self, buyer: Buyer) -> None:
        buyer.check_out(**DECLINES)
        assert Order.objects.get().status == Status.PAYMENT_FAILED
        assert stock() == (10, 0)
        assert buyer.cart == {"MUG": 2}

    def test_the_next_try_is_another_order(self, buyer: Buyer) -> None:
        buyer.check_out(**DECLINES)
        buyer.check_out()
        assert sorted(Order.objects.values_list("status", flat=True)) == [Status.PAID, Status.PAYMENT_FAILED]
        assert stock() == (8, 0)

    def test_no_letter(self, buyer: Buyer, django_capture_on_commit_callbacks: Commits) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            buyer.check_out(**DECLINES)
        assert mail.outbox == []


class TestInvoice:
    def test_the_order_waits_for_its_money(self, buyer: Buyer, django_capture_on_commit_callbacks: Commits) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            answer = buyer.check_out(**INVOICE)
        order = Order.objects.get()
        assert (order.status, stock(), buyer.cart) == (Status.AWAITING_PAYMENT, (10, 2), {})
        page = buyer.get(answer.headers["Location"])
        assert page.context["instructions"].rows[-1] == ("Reference", order.number)
        assert order.number in mail.outbox[0].body
