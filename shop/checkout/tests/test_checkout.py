"""From the cart to the order as a browser goes: what a buyer meets, and what happens to order, payment and stock."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from shop.accounts.tests.factories import UserFactory
from shop.catalog.models import Variant
from shop.checkout.models import CheckoutAttempt
from shop.checkout.tests.factories import APPROVES, CONFIRMS, DECLINES, DETAILS, INVOICE, Buyer, hidden_fields
from shop.inventory import services as inventory
from shop.inventory.models import StockItem
from shop.orders.models import Order
from shop.orders.statuses import Status
from shop.payments.models import Payment
from shop.payments.providers.base import Outcome
from shop.payments.statuses import PaymentStatus
from shop.payments.tests.factories import SCRIPTED, ScriptedProvider
from shop.pricing import services as pricing
from tests.factories import make_product

pytestmark = pytest.mark.django_db
Commits = Callable[..., Any]


@pytest.fixture
def buyer(home_page: object) -> Buyer:
    make_product(sku="MUG", title="Stoneware mug", price=1250, stock=10)
    browser = Buyer()
    browser.add("MUG", 2)
    return browser


def stock(sku: str = "MUG") -> tuple[int, int]:
    item = StockItem.objects.get(sku=sku)
    return item.on_hand, item.reserved


def set_price(amount: int, sku: str = "MUG") -> None:
    pricing.set_price(variant=Variant.objects.get(sku=sku), amount=amount, currency="GBP")


class TestThePage:
    def test_at_most_eight_visible_fields(self, buyer: Buyer) -> None:
        context = buyer.get("/checkout/").context
        visible = [field.name for field in context["form"].visible_fields()]
        extra = max(len(list(choice.form)) if choice.form else 0 for choice in context["providers"])
        assert visible == ["email", "name", "address_line_1", "address_line_2", "city", "postcode", "provider"]
        assert len(visible) + extra <= 8

    def test_browsers_can_fill_it_in(self, buyer: Buyer) -> None:
        text = buyer.get("/checkout/").content.decode()
        found = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*autocomplete="([\w-]+)"', text))
        found.pop("q", None)  # the search box at the top
        assert found == {
            "email": "email",
            "name": "name",
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
        with django_assert_max_num_queries(10):
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


class TestConfirmation:
    def test_approve(self, buyer: Buyer) -> None:
        bank = buyer.check_out(**CONFIRMS).headers["Location"]
        assert re.fullmatch(r"/checkout/confirm/[\w-]{32}/", bank)
        assert (stock(), buyer.cart) == ((10, 2), {"MUG": 2})
        page = buyer.get(bank)
        assert "no-store" in page.headers["Cache-Control"]
        assert "£28.95" in page.content.decode()
        answer = buyer.post(bank, {"decision": "approve"})
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/orders/")
        assert (Order.objects.get().status, stock(), buyer.cart) == (Status.PAID, (8, 0), {})

    def test_refuse(self, buyer: Buyer) -> None:
        bank = buyer.check_out(**CONFIRMS).headers["Location"]
        assert buyer.post(bank, {"decision": "refuse"}).headers["Location"] == "/checkout/"
        page = buyer.get("/checkout/")
        assert page.context["payment_error"] == "You refused the payment. Nothing was taken."
        assert page.context["form"]["name"].value() == "Ann Archer"
        assert (Order.objects.get().status, stock(), buyer.cart) == (Status.PAYMENT_FAILED, (10, 0), {"MUG": 2})

    def test_neither(self, buyer: Buyer) -> None:
        bank = buyer.check_out(**CONFIRMS).headers["Location"]
        for decision in ("", "maybe"):
            assert "Approve or refuse" in buyer.post(bank, {"decision": decision}).content.decode()
        assert Payment.objects.get().status == PaymentStatus.NEEDS_CONFIRMATION

    def test_again_afterwards(self, buyer: Buyer) -> None:
        bank = buyer.check_out(**CONFIRMS).headers["Location"]
        buyer.post(bank, {"decision": "approve"})
        for answer in (buyer.get(bank), buyer.post(bank, {"decision": "refuse"})):
            assert answer.headers["Location"].startswith("/orders/")
        assert Order.objects.get().status == Status.PAID

    def test_too_late(self, buyer: Buyer) -> None:
        bank = buyer.check_out(**CONFIRMS).headers["Location"]
        Payment.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        assert buyer.get(bank).headers["Location"] == "/checkout/"
        assert buyer.get("/checkout/").context["payment_error"] == (
            "The payment was cancelled. Nothing was taken. You can try again."
        )
        assert (Order.objects.get().status, stock()) == (Status.CANCELLED, (10, 0))

    @pytest.mark.parametrize("token", ["x", "x" * 200, "../..", "'"])
    def test_no_such_payment(self, buyer: Buyer, token: str) -> None:
        assert buyer.get(f"/checkout/confirm/{token}/").status_code == 404

    def test_the_last_unit_is_not_sold_out_for_who_holds_it(self, buyer: Buyer) -> None:
        inventory.set_on_hand(sku="MUG", on_hand=2)
        buyer.check_out(**CONFIRMS)
        assert stock() == (2, 2)
        assert buyer.get("/cart/").context["cart"].can_check_out
        stranger = Buyer()
        assert (
            "has sold out"
            in stranger.add("MUG", headers={"Sec-Fetch-Site": "none", "HX-Request": "true"}).content.decode()
        )
        answer = buyer.check_out()
        assert answer.headers["Location"].startswith("/orders/")
        assert sorted(Order.objects.values_list("status", flat=True)) == [Status.CANCELLED, Status.PAID]
        assert stock() == (0, 0)

    def test_starting_again_cancels_the_one_before(self, buyer: Buyer) -> None:
        bank = buyer.check_out(**CONFIRMS).headers["Location"]
        other = buyer.check_out(**CONFIRMS).headers["Location"]
        assert bank != other
        assert stock() == (10, 2)
        # The page of the first payment is still open in another tab.
        assert buyer.post(bank, {"decision": "approve"}).headers["Location"] == "/checkout/"
        assert buyer.post(other, {"decision": "approve"}).headers["Location"].startswith("/orders/")
        assert (stock(), buyer.cart) == ((8, 0), {})

    def test_starting_again_after_paying_in_another_tab_finds_that_order(self, buyer: Buyer) -> None:
        bank = buyer.check_out(**CONFIRMS).headers["Location"]
        form = buyer.form()
        session = buyer.session["checkout"], buyer.session["cart"]
        buyer.post(bank, {"decision": "approve"})
        late = buyer.session
        late["checkout"], late["cart"] = session  # as read by a request that began before
        late.save()
        assert buyer.post("/checkout/", form).headers["Location"].startswith("/orders/")
        assert Order.objects.count() == 1


class TestInvoice:
    def test_the_order_waits_for_its_money(self, buyer: Buyer, django_capture_on_commit_callbacks: Commits) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            answer = buyer.check_out(**INVOICE)
        order = Order.objects.get()
        assert (order.status, stock(), buyer.cart) == (Status.AWAITING_PAYMENT, (10, 2), {})
        page = buyer.get(answer.headers["Location"])
        assert page.context["instructions"].rows[-1] == ("Reference", order.number)
        assert order.number in mail.outbox[0].body


class TestTheSameButton:
    """A double click, a reload, the back button, a replay: one order."""

    def test_replayed(self, buyer: Buyer) -> None:
        form = buyer.form()
        locations = [buyer.post("/checkout/", form).headers["Location"] for _ in range(3)]
        assert all(location.startswith("/orders/") for location in locations)
        assert (Order.objects.count(), Payment.objects.count(), stock()) == (1, 1, (8, 0))

    def test_replayed_with_another_address(self, buyer: Buyer) -> None:
        form = buyer.form()
        buyer.post("/checkout/", form)
        buyer.post("/checkout/", {**form, "name": "Someone Else", "email": "else@example.com"})
        assert Order.objects.get().name == "Ann Archer"

    def test_replayed_after_shopping_on_leaves_the_new_cart_alone(self, buyer: Buyer) -> None:
        form = buyer.form()
        buyer.post("/checkout/", form)
        buyer.add("MUG", 1)
        buyer.post("/checkout/", form)
        assert (Order.objects.count(), buyer.cart) == (1, {"MUG": 1})

    def test_replayed_from_another_browser(self, buyer: Buyer) -> None:
        form = buyer.form()
        buyer.post("/checkout/", form)
        other = Buyer()
        assert other.post("/checkout/", form).headers["Location"].startswith("/orders/")
        assert Order.objects.count() == 1

    def test_replayed_while_it_waits_for_the_bank(self, buyer: Buyer) -> None:
        form = buyer.form(**CONFIRMS)
        assert buyer.post("/checkout/", form).headers["Location"] == buyer.post("/checkout/", form).headers["Location"]
        assert (Order.objects.count(), stock()) == (1, (10, 2))

    def test_replayed_after_it_was_declined(self, buyer: Buyer) -> None:
        form = buyer.form(**DECLINES)
        buyer.post("/checkout/", form)
        assert buyer.post("/checkout/", {**form, **APPROVES}).headers["Location"] == "/checkout/"
        assert Order.objects.get().status == Status.PAYMENT_FAILED

    def test_two_tabs_of_the_same_cart_are_one_attempt(self, buyer: Buyer) -> None:
        first, second = buyer.form(), buyer.form()
        assert first["attempt"] == second["attempt"]

    def test_the_answer_that_never_reached_the_browser(self, buyer: Buyer) -> None:
        """The order went through, but the session was not stored: opening the checkout again shows the order."""
        form = buyer.form()
        before = dict(buyer.session)
        buyer.post("/checkout/", form)
        session = buyer.session
        session.update({"cart": before["cart"], "checkout": before["checkout"]})
        session.save()
        answer = buyer.get("/checkout/")
        assert answer.headers["Location"].startswith("/orders/")
        assert (buyer.cart, Order.objects.count()) == ({}, 1)

    @pytest.mark.parametrize("key", ["", "x", "0", "9" * 5000, "868c4414-4094-40be-a577-245b1b408cc"])
    def test_a_key_that_is_none_shows_the_form_again(self, buyer: Buyer, key: str) -> None:
        page = buyer.post("/checkout/", buyer.form(attempt=key))
        assert page.status_code == 200
        assert not Order.objects.exists()
        # The form that is shown has a key that works.
        good = {**DETAILS, **APPROVES, **hidden_fields(page)}
        assert buyer.post("/checkout/", good).headers["Location"].startswith("/orders/")


class TestWhatWasSeen:
    def test_a_price_that_moved_is_shown_first(self, buyer: Buyer) -> None:
        form = buyer.form()
        set_price(1300)
        page = buyer.post("/checkout/", form)
        assert page.status_code == 409
        assert page.context["payment_error"] == (
            "The total has changed from £28.95 to £29.95. Please check it, and place the order again if you agree."
        )
        assert "£29.95" in page.content.decode()
        assert not Order.objects.exists()
        assert stock() == (10, 0)
        again = {**form, **hidden_fields(page)}
        assert again["attempt"] == form["attempt"]
        assert buyer.post("/checkout/", again).headers["Location"].startswith("/orders/")
        assert Order.objects.get().total == 2995

    def test_a_cart_that_changed_to_the_same_total_is_shown_first(self, buyer: Buyer) -> None:
        make_product(sku="BOWL", price=1250)
        form = buyer.form()
        buyer.post("/cart/update/", {"sku": "MUG", "quantity": 1})
        buyer.add("BOWL")
        page = buyer.post("/checkout/", form)
        assert page.status_code == 409
        assert page.context["payment_error"].startswith("Your cart has changed since you last saw it.")
        assert not Order.objects.exists()

    @pytest.mark.parametrize("seen", ["", "x", "0" * 64])
    @pytest.mark.parametrize("total", ["", "0", "-1", "9" * 400, "x"])
    def test_rubbish_is_not_agreement(self, buyer: Buyer, seen: str, total: str) -> None:
        page = buyer.post("/checkout/", buyer.form(seen=seen, total_seen=total))
        assert page.status_code in (200, 409)
        assert not Order.objects.exists()

    def test_sold_out_meanwhile(self, buyer: Buyer) -> None:
        form = buyer.form()
        inventory.set_on_hand(sku="MUG", on_hand=1)
        answer = buyer.post("/checkout/", form)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/cart/")
        text = buyer.get("/cart/").content.decode()
        assert "Something in your cart has changed." in text
        assert "Only one is left." in text
        assert "Change to 1" in text
        assert (Order.objects.count(), stock()) == (0, (1, 0))

    def test_no_longer_sold_meanwhile(self, buyer: Buyer) -> None:
        form = buyer.form()
        Variant.objects.get().product.unpublish()
        assert buyer.post("/checkout/", form).headers["Location"] == "/cart/"
        assert not Order.objects.exists()


class TestValidation:
    @pytest.mark.parametrize(
        ("field", "value", "message"),
        [
            ("email", "", "Enter your e-mail address, so that we can confirm your order."),
            ("email", "ann@", "Enter a whole e-mail address, such as ann@example.com."),
            ("email", "a@b.example\nBcc: x@y.example", "Enter a whole e-mail address, such as ann@example.com."),
            ("name", "", "Enter the name for the parcel."),
            ("name", "Ann\nArcher", "Use letters, digits and punctuation only."),
            ("name", "x" * 101, "Ensure this value has at most 100 characters (it has 101)."),
            ("address_line_1", " ", "Enter the house and street."),
            ("city", "", "Enter the town or city."),
            ("postcode", "", "Enter the postcode."),
            ("postcode", "12345", "Enter a British postcode, such as IP4 1AA."),
            ("provider", "", "Choose how you would like to pay."),
            ("provider", "free", "Choose one of the ways to pay below."),
        ],
    )
    def test_each_slip_has_its_words(self, buyer: Buyer, field: str, value: str, message: str) -> None:
        page = buyer.post("/checkout/", buyer.form(**{field: value}))
        assert page.status_code == 200
        assert page.context["form"].errors[field][0] == message
        assert message in page.content.decode()
        assert not Order.objects.exists()
        assert buyer.cart == {"MUG": 2}

    def test_what_was_typed_stays(self, buyer: Buyer) -> None:
        page = buyer.post("/checkout/", buyer.form(name="Ann O’Archer", postcode="nowhere"))
        assert page.context["form"]["name"].value() == "Ann O’Archer"
        assert "Ann O’Archer" in page.content.decode()

    @pytest.mark.parametrize("card", ["", "visa"])
    def test_the_card_has_to_be_chosen(self, buyer: Buyer, card: str) -> None:
        page = buyer.post("/checkout/", buyer.form(**{"dummy-card": card}))
        assert page.status_code == 200
        assert page.context["providers"][0].form.errors
        assert not Order.objects.exists()

    def test_questions_of_other_ways_to_pay_do_not_matter(self, buyer: Buyer) -> None:
        assert buyer.check_out(provider="invoice", **{"dummy-card": "rubbish"}).status_code == 303
        assert Order.objects.get().payment_method == "invoice"

    def test_a_test_card_that_is_not_allowed_is_not_taken(self, buyer: Buyer, settings: Any) -> None:
        form = buyer.form()
        settings.PAYMENT_ALLOW_TEST_PROVIDERS = False
        page = buyer.post("/checkout/", form)
        assert page.context["form"].errors["provider"] == ["Choose one of the ways to pay below."]
        assert [choice.code for choice in page.context["providers"]] == ["invoice"]
        assert not Order.objects.exists()

    @pytest.mark.parametrize("body", [b"\xff\xfe=\xff", b"email=" + b"x" * 100_000, b"a&" * 5000, b"%00=%00", b""])
    def test_rubbish_is_never_an_error_of_ours(self, buyer: Buyer, body: bytes) -> None:
        answer = buyer.post("/checkout/", body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code in (200, 303, 400)
        assert not Order.objects.exists()


class TestUnreachableProvider:
    @pytest.fixture(autouse=True)
    def _scripted(self, settings: Any) -> None:
        settings.PAYMENT_PROVIDERS = [SCRIPTED]

    def test_nothing_is_lost_and_the_next_try_works(self, buyer: Buyer) -> None:
        ScriptedProvider.script(start=[None, Outcome.captured(reference="r")], cancel=[Outcome.cancelled()])
        assert buyer.check_out(provider="scripted").headers["Location"] == "/checkout/"
        page = buyer.get("/checkout/")
        assert page.context["payment_error"].startswith("The payment service does not answer.")
        assert page.context["form"]["name"].value() == "Ann Archer"
        assert stock() == (10, 2)
        assert buyer.check_out(provider="scripted").headers["Location"].startswith("/orders/")
        assert sorted(Order.objects.values_list("status", flat=True)) == [Status.CANCELLED, Status.PAID]
        assert stock() == (8, 0)

    def test_a_replay_goes_on_where_the_crash_was(self, buyer: Buyer) -> None:
        ScriptedProvider.script(start=[None, Outcome.captured(reference="r")])
        form = buyer.form(provider="scripted")
        buyer.post("/checkout/", form)
        assert buyer.post("/checkout/", form).headers["Location"].startswith("/orders/")
        assert (Order.objects.count(), stock(), buyer.cart) == (1, (8, 0), {})

    def test_still_unreachable(self, buyer: Buyer) -> None:
        ScriptedProvider.script(start=[None], cancel=[None])
        form = buyer.form(provider="scripted")
        for _ in range(2):
            assert buyer.post("/checkout/", form).headers["Location"] == "/checkout/"
        assert buyer.check_out(provider="scripted").headers["Location"] == "/checkout/"
        assert Order.objects.count() == 1

    def test_the_bank_has_a_page_of_its_own(self, buyer: Buyer) -> None:
        ScriptedProvider.script(start=[Outcome.needs_confirmation(reference="r", url="https://bank.example/pay")])
        assert buyer.check_out(provider="scripted").headers["Location"] == "https://bank.example/pay"

    def test_unreachable_at_the_confirmation(self, buyer: Buyer) -> None:
        ScriptedProvider.script(start=[Outcome.needs_confirmation(reference="r")], confirm=[None], cancel=[None])
        bank = buyer.check_out(provider="scripted").headers["Location"]
        page = buyer.post(bank, {"decision": "approve"})
        assert page.status_code == 200
        assert "does not answer" in page.content.decode()
        Payment.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        assert "does not answer" in buyer.get(bank).content.decode()
