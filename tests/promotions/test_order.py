"""Promotions in the order: what the buyer saw is frozen, told and given once."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client

from shop.accounts.tests.factories import UserFactory
from shop.checkout import ledger
from shop.checkout.tests.factories import CONFIRMS, DECLINES, Buyer, hidden_fields
from shop.orders.models import Order
from shop.payments.models import Payment
from shop.promotions.models import Redemption, UsageCounter
from shop.promotions.tests.factories import make_promotion
from tests.promotions.shopping import enter, page

pytestmark = [pytest.mark.django_db, pytest.mark.database]


class TestTheOrder:
    def test_everything_is_frozen_and_told(self, buyer: Buyer, django_capture_on_commit_callbacks: Any) -> None:
        make_promotion(code="TEN")
        make_promotion(kind="free_delivery", title="Free delivery")
        enter(buyer, "TEN")
        text = page(buyer, "/checkout/")
        assert "Place order and pay £18.00" in text
        with django_capture_on_commit_callbacks(execute=True):
            answer = buyer.check_out()
        order = Order.objects.get()
        assert (order.subtotal, order.discount_total, order.shipping_total, order.total) == (2000, 200, 0, 1800)
        assert Payment.objects.get().amount == Payment.objects.get().captured == 1800
        assert list(order.discounts.values_list("label", "coupon", "amount", "delivery")) == [
            ("Ten off", "TEN", 200, 0),
            ("Free delivery", "", 395, 395),
        ]
        line = order.lines.get()
        assert (line.discount, line.line_total, line.tax) == (200, 1800, 300)
        shown = page(buyer, answer.headers["Location"])
        for part in ("Ten off", "−£2.00", "Free delivery", "−£3.95", "£3.95", "£18.00"):
            assert part in shown
        [letter] = mail.outbox
        for part in (
            "Ten off (TEN): -£2.00",
            "Free delivery: -£3.95",
            "Total: £18.00",
            "2 × Stoneware mug, £10.00 each: £20.00",
        ):
            assert part in letter.body
        staff = Client()
        staff.force_login(UserFactory(is_staff=True, is_superuser=True))
        admin = " ".join(staff.get(f"/admin/order/{order.pk}/").content.decode().split())
        assert "Ten off" in admin
        assert "code TEN" in admin
        assert ledger.violations() == []

    def test_the_code_is_used_and_forgotten(self, buyer: Buyer) -> None:
        make_promotion(code="TEN")
        enter(buyer, "TEN")
        buyer.check_out()
        buyer.add("MUG")
        assert "TEN" not in page(buyer)

    def test_the_code_at_the_checkout_loses_nothing_that_was_typed(self, buyer: Buyer) -> None:
        make_promotion(code="TEN")
        form = buyer.form(name="Ann Archer", apply_coupon="1", coupon="ten")
        assert buyer.post("/checkout/", form).headers["Location"] == "/checkout/"
        text = page(buyer, "/checkout/")
        assert "TEN saves you £2.00." in text
        assert 'value="Ann Archer"' in text
        assert not Order.objects.exists()
        form = buyer.form(remove_coupon="TEN")
        buyer.post("/checkout/", form)
        assert "The code is removed." in page(buyer, "/checkout/")
        assert buyer.session["buyer"].get("codes", []) == []

    def test_a_first_order_is_known_by_the_address(self, buyer: Buyer) -> None:
        make_promotion(code="FIRST", first_order=True)
        enter(buyer, "FIRST")
        buyer.check_out()
        buyer.add("MUG", 2)
        enter(buyer, "FIRST")
        form = buyer.form()
        answer = buyer.post("/checkout/", form)
        assert answer.status_code == 409
        text = " ".join(answer.content.decode().split())
        assert "The total has changed from £21.95 to £23.95" in text
        assert "FIRST is for a first order, and you have ordered here before." in text
        assert buyer.post("/checkout/", {**form, **hidden_fields(answer)}).headers["Location"].startswith("/orders/")
        assert Order.objects.latest("pk").total == 2395

    def test_a_code_that_was_typed_and_not_applied(self, buyer: Buyer) -> None:
        make_promotion(code="TEN")
        answer = buyer.check_out(coupon="ten")
        assert (answer.status_code, answer.headers["Location"], Order.objects.count()) == (303, "/checkout/", 0)
        text = page(buyer, "/checkout/")
        assert "TEN saves you £2.00." in text
        assert "ann@example.com" in text
        assert buyer.check_out().headers["Location"].startswith("/orders/")
        assert Order.objects.get().discount_total == 200

    def test_back_from_the_bank_the_code_is_still_mine(self, buyer: Buyer) -> None:
        make_promotion(code="ONCE", max_uses=1, limit_total=1, limit_per_customer=1)
        enter(buyer, "ONCE")
        buyer.check_out(**CONFIRMS)
        assert Redemption.objects.count() == 1
        assert "Place order and pay £21.95" in page(buyer, "/checkout/")
        assert buyer.check_out().headers["Location"].startswith("/orders/")
        assert list(Order.objects.order_by("pk").values_list("status", "total")) == [
            ("cancelled", 2195),
            ("paid", 2195),
        ]
        assert ledger.violations() == []

    def test_declined_and_cancelled_orders_give_their_uses_back(self, buyer: Buyer) -> None:
        make_promotion(code="ONCE", max_uses=1)
        enter(buyer, "ONCE")
        buyer.check_out(**DECLINES)
        assert UsageCounter.objects.get().used == 0
        buyer.check_out()
        assert UsageCounter.objects.get().used == 1
        assert ledger.violations() == []

    def test_groups(self, buyer: Buyer) -> None:
        group = Group.objects.create(name="Friends")
        make_promotion(groups=[group.pk])
        assert "−£2.00" not in page(buyer)
        user = UserFactory()
        user.groups.add(group)
        buyer.force_login(user)
        assert "−£2.00" in page(buyer)
