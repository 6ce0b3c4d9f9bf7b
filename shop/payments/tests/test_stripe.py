"""Stripe over real HTTP: what is asked of it, what becomes of its answers, and of its troubles."""

import json
import random
import time
import uuid
from typing import Any

import pytest
from django.core import checks
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from shop.inventory import services as inventory
from shop.money import exponent
from shop.orders import fulfilment
from shop.orders.models import Order
from shop.orders.statuses import OrderRefused, Status, StockState
from shop.payments import reconcile, refunds, selectors, services
from shop.payments.checks import check_providers
from shop.payments.models import Payment, ProviderEvent, Refund
from shop.payments.providers import stripe_amounts
from shop.payments.providers.base import ProviderUnavailable
from shop.payments.statuses import PaymentStatus, RefundStatus
from shop.payments.tests.factories import expire, make_payment, state, stock
from tests.fakes.stripe import SECRET, FakeStripe, sign
from tests.long import at_length

pytestmark = pytest.mark.django_db
PAID = (PaymentStatus.CAPTURED, Status.PAID, StockState.SOLD)


@pytest.fixture(autouse=True)
def _shop(home_page: object, stripe: FakeStripe) -> None:
    """Cards are taken."""


def start(**fields: Any) -> Payment:
    return services.start_payment(payment_id=make_payment(provider="stripe", **fields).pk, data={})


def confirm(payment: Payment) -> Payment:
    return services.confirm_payment(payment_id=payment.pk, data={})


def deliver(stripe: FakeStripe, *events: dict[str, Any], secret: str = SECRET) -> list[int]:
    """The events as they come in; gives the shop's answers."""
    statuses = []
    for event in events:
        body, signature = stripe.message(event, secret)
        answer = Client().post(
            "/payments/webhooks/stripe/", body, "application/json", headers={"Stripe-Signature": signature}
        )
        statuses.append(answer.status_code)
    return statuses


class TestPaying:
    def test_the_intent_says_what_the_order_says(self, stripe: FakeStripe) -> None:
        payment = start()
        (intent,) = stripe.ledger.intents.values()
        assert (intent["amount"], intent["currency"], intent["capture_method"]) == (1645, "gbp", "automatic")
        assert intent["metadata"] == {"payment": str(payment.idempotency_key), "order": payment.order.number}
        assert payment.reference == intent["id"]
        assert state(payment) == (PaymentStatus.NEEDS_CONFIRMATION, Status.AWAITING_PAYMENT, StockState.RESERVED)

    def test_approved_declined_and_asked(self, stripe: FakeStripe) -> None:
        payment = start()
        for card in ("declines", "asks"):
            stripe.buyer_pays(payment.reference, card)
            assert confirm(payment).status == PaymentStatus.NEEDS_CONFIRMATION
        stripe.buyer_pays(payment.reference)
        assert confirm(payment).status == PaymentStatus.CAPTURED
        assert state(payment) == PAID
        assert stripe.ledger.charges == {payment.reference: 1645}

    def test_manual_capture_stores_the_authorisation_first(self, stripe: FakeStripe, settings: Any) -> None:
        settings.STRIPE_CAPTURE = "manual"
        payment = start()
        stripe.buyer_pays(payment.reference)
        assert confirm(payment).status == PaymentStatus.CAPTURED
        assert [event.message for event in payment.order.events.filter(kind="payment")] == [
            "The buyer was asked to confirm the payment.",
            "£16.45 authorised.",
        ]
        assert stripe.ledger.charges == {payment.reference: 1645}

    def test_an_authorisation_whose_capture_is_lost_is_captured_later_once(
        self, stripe: FakeStripe, settings: Any
    ) -> None:
        settings.STRIPE_CAPTURE = "manual"
        payment = start()
        stripe.buyer_pays(payment.reference)
        stripe.trouble.extend(["", "reset", "500"])
        assert confirm(payment).status == PaymentStatus.AUTHORISED
        assert state(payment) == (PaymentStatus.AUTHORISED, Status.AWAITING_PAYMENT, StockState.RESERVED)
        look_again(payment)
        assert state(payment) == PAID
        assert stripe.ledger.charges == {payment.reference: 1645}

    @pytest.mark.parametrize("told", ["by an event", "when asked"])
    def test_less_than_was_asked_for_is_held_for_staff(self, stripe: FakeStripe, settings: Any, told: str) -> None:
        settings.STRIPE_CAPTURE = "manual"
        payment = start()
        stripe.buyer_pays(payment.reference)
        stripe.ledger.capture(payment.reference, 1000)  # by hand, in the dashboard
        if told == "by an event":
            assert deliver(stripe, stripe.events[-1]) == [200]
        else:
            look_again(payment)
        payment.refresh_from_db()
        assert (payment.status, payment.captured, payment.shortfall) == (PaymentStatus.CAPTURED, 1000, 645)
        order = Order.objects.get()
        assert (order.status, order.held_for) == (Status.PAID, "Only £10.00 of £16.45 was taken.")
        with pytest.raises(OrderRefused, match="is held"):
            fulfilment.send(order_id=order.pk)
        services.cancel_order(order_id=order.pk)
        refunds.settle_refunds()
        assert state(payment)[:2] == (PaymentStatus.REFUNDED, Status.CANCELLED)
        assert stripe.ledger.charges == stripe.ledger.returns == {payment.reference: 1000}

    @pytest.mark.parametrize("odd", [{"currency": "?!"}, {"amount_received": -1}])
    def test_money_that_cannot_be_read_is_held_for_staff(self, stripe: FakeStripe, odd: dict[str, Any]) -> None:
        payment = start()
        stripe.buyer_pays(payment.reference)
        event = stripe.events[-1]
        event["data"]["object"].update(odd)
        assert deliver(stripe, event) == [200]
        assert Order.objects.get().held_for == "Only £0.00 of £16.45 was taken."

    def test_an_authorisation_is_void_where_the_order_is_cancelled(self, stripe: FakeStripe, settings: Any) -> None:
        settings.STRIPE_CAPTURE = "manual"
        payment = start()
        stripe.buyer_pays(payment.reference)
        services.cancel_order(order_id=payment.order_id)
        assert state(payment) == (PaymentStatus.CANCELLED, Status.CANCELLED, StockState.RELEASED)
        assert stripe.ledger.intent(payment.reference)["status"] == "canceled"
        assert not stripe.ledger.charges

    def test_cancelled_too_late_goes_back(self, stripe: FakeStripe, django_capture_on_commit_callbacks: Any) -> None:
        payment = start()
        stripe.buyer_pays(payment.reference)
        with django_capture_on_commit_callbacks(execute=True):
            services.cancel_order(order_id=payment.order_id)
        assert state(payment)[:2] == (PaymentStatus.REFUNDED, Status.CANCELLED)
        assert stripe.ledger.charges == stripe.ledger.returns == {payment.reference: 1645}
        assert stock() == (10, 0)


def look_again(payment: Payment) -> None:
    """Let the reconciler come by, a minute later."""
    Payment.objects.filter(pk=payment.pk).update(created_at=payment.created_at.replace(year=2025), asked_at=None)
    call_command("reconcile_payments")


class TestOutage:
    @pytest.mark.parametrize("trouble", ["500", "timeout", "reset"])
    def test_nothing_is_assumed_and_the_same_press_goes_on(
        self, stripe: FakeStripe, settings: Any, trouble: str
    ) -> None:
        settings.STRIPE_TIMEOUT = 1
        payment = make_payment(provider="stripe")
        stripe.outage = trouble
        with pytest.raises(ProviderUnavailable):
            services.start_payment(payment_id=payment.pk, data={})
        assert state(payment) == (PaymentStatus.CREATED, Status.AWAITING_PAYMENT, StockState.RESERVED)
        stripe.outage = ""
        settings.STRIPE_TIMEOUT = 60
        assert services.start_payment(payment_id=payment.pk, data={}).status == PaymentStatus.NEEDS_CONFIRMATION
        assert len(stripe.ledger.intents) == 1

    def test_one_lost_answer_is_repeated_by_itself(self, stripe: FakeStripe) -> None:
        stripe.trouble.extend(["reset"])
        assert start().status == PaymentStatus.NEEDS_CONFIRMATION
        assert len(stripe.ledger.intents) == 1

    def test_all_events_lost(self, stripe: FakeStripe) -> None:
        payment = start()
        stripe.buyer_pays(payment.reference)
        look_again(payment)
        assert state(payment) == PAID

    def test_an_outage_leaves_the_order_and_then_it_expires(self, stripe: FakeStripe) -> None:
        payment = start()
        expire(payment)
        stripe.outage = "500"
        assert reconcile.expire_payments() == []
        assert state(payment) == (PaymentStatus.NEEDS_CONFIRMATION, Status.AWAITING_PAYMENT, StockState.RESERVED)
        stripe.outage = ""
        reconcile.expire_payments()
        assert state(payment) == (PaymentStatus.CANCELLED, Status.CANCELLED, StockState.RELEASED)
        assert stripe.ledger.intent(payment.reference)["status"] == "canceled"


class TestRefunds:
    @pytest.fixture
    def payment(self, stripe: FakeStripe) -> Payment:
        payment = start()
        stripe.buyer_pays(payment.reference)
        return confirm(payment)

    def refund(self, payment: Payment, amount: int) -> Refund:
        return services.refund(payment_id=payment.pk, amount=amount, key=uuid.uuid4())

    def test_parts(self, payment: Payment, stripe: FakeStripe) -> None:
        for amount in (1000, 645):
            after = services.settle_refund(refund_id=self.refund(payment, amount).pk)
            assert after.status == RefundStatus.SETTLED
        assert stripe.ledger.returns == {payment.reference: 1645}
        assert state(payment)[0] == PaymentStatus.REFUNDED

    def test_a_lost_answer_moves_money_once(self, payment: Payment, stripe: FakeStripe) -> None:
        refund = self.refund(payment, 500)
        stripe.trouble.extend(["reset", "reset"])
        with pytest.raises(ProviderUnavailable):
            services.settle_refund(refund_id=refund.pk)
        assert services.settle_refund(refund_id=refund.pk).status == RefundStatus.SETTLED
        assert stripe.ledger.returns == {payment.reference: 500}

    def test_one_made_at_stripe_is_taken_over_and_leaves_less(self, payment: Payment, stripe: FakeStripe) -> None:
        stripe.ledger.refund({"payment_intent": payment.reference, "amount": "600"})
        assert deliver(stripe, stripe.events[-1], stripe.events[-1]) == [200, 200]
        payment.refresh_from_db()
        assert (payment.refunded, payment.refundable) == (600, 1045)
        assert Refund.objects.get().reason == "Made at the payment company."
        call_command("check_ledger")

    def test_one_that_stripe_refuses_fails_and_leaves_room(self, payment: Payment, stripe: FakeStripe) -> None:
        stripe.ledger.refund({"payment_intent": payment.reference, "amount": "1645"})
        ours = self.refund(payment, 1000)
        assert deliver(stripe, stripe.events[-1]) == [503]
        after = services.settle_refund(refund_id=ours.pk)
        assert (after.status, "greater than unrefunded" in after.failure) == (RefundStatus.FAILED, True)
        assert deliver(stripe, stripe.events[-1]) == [200]
        assert state(payment)[0] == PaymentStatus.REFUNDED
        call_command("check_ledger")


class TestEvents:
    @pytest.mark.long
    @given(seed=st.randoms(use_true_random=False), manual=st.booleans())
    @hypothesis_settings(
        max_examples=at_length(1_000, sample=10),
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    def test_three_times_each_in_any_order(
        self, stripe: FakeStripe, settings: Any, seed: random.Random, manual: bool
    ) -> None:
        settings.STRIPE_CAPTURE = "manual" if manual else "automatic"
        stripe.events.clear()
        payment = start()
        for card in ("declines", "asks", "approves"):
            stripe.buyer_pays(payment.reference, card)
        news = [event for event in stripe.events for _ in range(3)]
        seed.shuffle(news)
        assert set(deliver(stripe, *news)) == {200}
        assert state(payment) == PAID
        assert stripe.ledger.charges[payment.reference] == 1645
        assert ProviderEvent.objects.filter(payment=payment).count() == len(news) // 3
        call_command("check_ledger")
        # All examples sell from one shelf.
        inventory.receive(sku="MUG", quantity=1)

    def test_the_same_message_twice_is_stored_once(self, stripe: FakeStripe) -> None:
        payment = start()
        stripe.buyer_pays(payment.reference)
        assert deliver(stripe, stripe.events[-1], stripe.events[-1]) == [200, 200]
        assert ProviderEvent.objects.count() == 1
        assert state(payment) == PAID

    def test_an_event_before_our_own_record_finds_the_payment_by_our_key(self, stripe: FakeStripe) -> None:
        payment = make_payment(provider="stripe")
        stripe.trouble.extend(["reset", "reset"])
        with pytest.raises(ProviderUnavailable):
            services.start_payment(payment_id=payment.pk, data={})
        stripe.buyer_pays(next(iter(stripe.ledger.intents)))
        assert deliver(stripe, stripe.events[-1]) == [200]
        assert state(payment) == PAID

    def test_signatures(self, stripe: FakeStripe, settings: Any) -> None:
        event = {"id": "evt_x", "type": "customer.created", "data": {"object": {"email": "ann@example.com"}}}
        assert deliver(stripe, event, secret="whsec_other") == [400]
        settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new", SECRET]
        assert deliver(stripe, event) == [200]
        assert deliver(stripe, {**event, "id": "evt_y"}, secret="whsec_new") == [200]
        stored = ProviderEvent.objects.get(event_id="evt_x")
        assert (stored.outcome, stored.facts) == ("no payment of ours", {})

    def test_an_old_signature_is_refused(self, stripe: FakeStripe) -> None:
        body = json.dumps({"id": "evt_1", "type": "x"}).encode()
        headers = {"Stripe-Signature": sign(body, at=time.time() - 400)}
        assert Client().post("/payments/webhooks/stripe/", body, "application/json", headers=headers).status_code == 400

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "null",
            "[]",
            "7",
            '"x"',
            "{}",
            '{"id": "evt_1"}',
            '{"id": "\\u0000", "type": "x"}',
            '{"id": "\\ud800", "type": "x"}',
            '{"id": 1, "type": []}',
            '{"id": "' + "x" * 500 + '", "type": "x"}',
            "[" * 50_000,
        ],
    )
    def test_signed_rubbish_is_refused(self, text: str) -> None:
        body = text.encode()
        headers = {"Stripe-Signature": sign(body)}
        assert Client().post("/payments/webhooks/stripe/", body, "application/json", headers=headers).status_code == 400

    @pytest.mark.parametrize(
        "about",
        [
            None,
            [],
            {"id": "\x00", "status": "succeeded", "metadata": "x"},
            {"id": "pi_x", "status": ["succeeded"], "metadata": {"payment": "not-a-key"}, "amount": 2**80},
            {"payment_intent": "pi_none", "amount": -1, "currency": "xyz", "status": "won"},
            {"payment_intent": {"id": 1}, "amount": "x", "reason": "\ud800"},
        ],
    )
    @pytest.mark.parametrize("kind", ["payment_intent.succeeded", "refund.updated", "charge.dispute.closed", "x" * 100])
    def test_signed_messages_without_sense_are_kept_and_do_nothing(
        self, stripe: FakeStripe, about: Any, kind: str
    ) -> None:
        payment = start()
        event = {"id": f"evt_{uuid.uuid4()}", "type": kind, "data": {"object": about}}
        assert deliver(stripe, event) == [200]
        assert state(payment)[0] == PaymentStatus.NEEDS_CONFIRMATION

    def test_the_door(self, client: Client) -> None:
        assert client.get("/payments/webhooks/stripe/").status_code == 405
        assert client.post("/payments/webhooks/nobody/").status_code == 404
        assert client.post("/payments/webhooks/invoice/").status_code == 400
        long = b"x" * (256 * 1024 + 1)
        assert client.post("/payments/webhooks/stripe/", long, "application/json").status_code == 400
        assert client.post("/payments/webhooks/stripe/", {"a": "b"}).status_code == 400

    def test_a_dispute_is_shown_and_moves_forward_only(self, stripe: FakeStripe) -> None:
        payment = start()
        stripe.buyer_pays(payment.reference)
        confirm(payment)
        for status in ("needs_response", "lost", "under_review"):
            stripe.ledger.dispute(payment.reference, status)
            assert deliver(stripe, stripe.events[-1]) == [200]
        payment.refresh_from_db()
        assert (payment.dispute, payment.dispute_reason) == ("lost", "fraudulent")
        view = selectors.payment_view(payment.order)
        assert view is not None
        assert view.dispute == "Decided for the buyer, fraudulent"


class TestAmounts:
    @pytest.mark.parametrize(
        ("amount", "currency", "stripes"),
        [(1645, "GBP", 1645), (500, "JPY", 500), (1230, "KWD", 1230), (700, "ISK", 70000), (9, "UGX", 900)],
    )
    def test_known_ones(self, amount: int, currency: str, stripes: int) -> None:
        assert stripe_amounts.to_stripe(amount, currency) == stripes
        assert stripe_amounts.from_stripe(stripes, currency) == amount

    def test_fils_that_stripe_would_round_are_refused(self) -> None:
        with pytest.raises(stripe_amounts.NotChargeable):
            stripe_amounts.to_stripe(1234, "KWD")

    @given(st.integers(0, 10**12), st.sampled_from(["GBP", "JPY", "KWD", "ISK", "UGX", "KRW", "HUF", "CLP", "BHD"]))
    def test_nothing_is_ever_rounded(self, amount: int, currency: str) -> None:
        try:
            stripes = stripe_amounts.to_stripe(amount, currency)
        except stripe_amounts.NotChargeable:
            assert currency in stripe_amounts.THREE_DECIMAL
            return
        assert stripe_amounts.from_stripe(stripes, currency) == amount
        assert stripes * 10 ** exponent(currency) == amount * 10 ** stripe_amounts.places(currency)


class TestSettings:
    def problems(self) -> list[str]:
        return [str(found.id) for found in check_providers() if isinstance(found, checks.Error)]

    def test_good_ones(self) -> None:
        assert self.problems() == []

    @pytest.mark.parametrize(
        ("name", "value", "number"),
        [
            ("STRIPE_SECRET_KEY", "", 1),
            ("STRIPE_PUBLISHABLE_KEY", "sk_test_x", 2),
            ("STRIPE_PUBLISHABLE_KEY", "pk_live_x", 3),
            ("STRIPE_WEBHOOK_SECRETS", [], 4),
            ("STRIPE_CAPTURE", "later", 5),
        ],
    )
    def test_bad_ones(self, settings: Any, name: str, value: Any, number: int) -> None:
        setattr(settings, name, value)
        assert f"payments.stripe.E00{number}" in self.problems()
