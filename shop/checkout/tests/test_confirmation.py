"""The bank asks the buyer: approved, refused, too late, answered twice, left and begun again."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from shop.checkout.tests.factories import (
    CONFIRMS,
    Buyer,
    stock,
)
from shop.inventory import services as inventory
from shop.orders.models import Order
from shop.orders.statuses import Status
from shop.payments.models import Payment
from shop.payments.statuses import PaymentStatus

pytestmark = pytest.mark.django_db
Commits = Callable[..., Any]


class TestConfirmation:
    def test_a_provider_that_was_taken_away_meanwhile(self, buyer: Buyer, settings: Any) -> None:
        bank = buyer.check_out(**CONFIRMS).headers["Location"]
        settings.PAYMENT_PROVIDERS = ["shop.payments.providers.invoice.InvoiceProvider"]
        answer = buyer.post(bank, {"decision": "approve"})
        assert answer.status_code == 200
        assert "does not answer" in answer.content.decode()
        assert Payment.objects.get().status == PaymentStatus.NEEDS_CONFIRMATION

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
