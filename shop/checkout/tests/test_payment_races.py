"""Buyers, Stripe's messages, sweepers and staff at the same moment. ``make test-long`` runs the full numbers.

A server has fewer connections than buyers: they come through ``AT_ONCE`` threads, each with a connection of its own.
"""

import contextlib
import itertools
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from shop.checkout import ledger
from shop.checkout.models import CheckoutAttempt
from shop.checkout.tests.factories import APPROVES, CARD, CONFIRMS, DETAILS, Buyer, hidden_fields, stock
from shop.checkout.tests.test_races import at_the_till, ending
from shop.orders.models import Order
from shop.orders.statuses import Status
from shop.payments import reconcile, services
from shop.payments.models import Payment, Refund
from shop.payments.refunds import RefundRefused
from shop.payments.statuses import PaymentStatus
from tests.factories import make_product
from tests.fakes.stripe import FakeStripe
from tests.fakes.stripe_ledger import Refused
from tests.fixtures.concurrency import in_crowd
from tests.long import at_length

pytestmark = [pytest.mark.database, pytest.mark.long, pytest.mark.django_db(transaction=True)]
Threads = Callable[[int, Callable[[int], Any]], list[Any]]

AT_ONCE = at_length(50, sample=20)


def crowd(in_threads: Threads, count: int, work: Callable[[int], Any]) -> list[Any]:
    """A server has fewer connections than buyers: so many come at once, each with a connection of its own."""
    return in_crowd(count, work, at_once=AT_ONCE)


def post_event(stripe: FakeStripe, event: dict[str, Any]) -> int:
    body, signature = stripe.message(event)
    headers = {"Stripe-Signature": signature}
    return int(Client().post("/payments/webhooks/stripe/", body, "application/json", headers=headers).status_code)


def same_browser(buyer: Buyer) -> Buyer:
    """Another tab."""
    tab = Buyer()
    tab.cookies["sessionid"] = buyer.cookies["sessionid"].value
    return tab


def test_many_buyers_for_the_last_ten(home_page: object, in_threads: Threads) -> None:
    count = at_length(200, sample=40)
    make_product(sku="MUG", stock=10)
    buyers = at_the_till(count, MUG=1)
    answers = crowd(in_threads, count, lambda number: buyers[number][0].post("/checkout/", buyers[number][1]))
    assert Counter(map(ending, answers)) == {"orders": 10, "cart": count - 10}
    assert stock("MUG") == (0, 0)
    assert ledger.violations() == []


def test_one_cart_posted_many_times_and_replayed(home_page: object, stripe: FakeStripe, in_threads: Threads) -> None:
    make_product(sku="MUG", stock=10)
    [(buyer, form)] = at_the_till(1, MUG=2)
    form = {**form, **CARD}
    answers = crowd(in_threads, 50, lambda number: same_browser(buyer).post("/checkout/", form))
    # The bank's page is the payment's own: one address.
    replays = [buyer.post("/checkout/", form) for _ in range(3)]
    (address,) = {(answer.status_code, answer.headers["Location"]) for answer in [*answers, *replays]}
    assert address[1].startswith("/checkout/confirm/")
    assert Order.objects.count() == Payment.objects.count() == len(stripe.ledger.intents) == 1
    attempt, order = CheckoutAttempt.objects.get(), Order.objects.get()
    assert (attempt.order, attempt.agreed["total"], attempt.fingerprint) == (order, order.total, form["seen"])
    assert attempt.agreed["lines"] == [["MUG", 2, 1250, 0]]
    assert stock("MUG") == (10, 2)
    assert ledger.violations() == []


def test_the_message_comes_before_during_or_after_the_buyer(
    home_page: object, stripe: FakeStripe, settings: Any, in_threads: Threads
) -> None:
    rounds = at_length(300, sample=12)
    make_product(sku="MUG", stock=rounds)
    banks = []
    for number, (buyer, form) in enumerate(at_the_till(rounds, MUG=1)):
        settings.STRIPE_CAPTURE = ("automatic", "manual")[number % 2]
        banks.append((buyer, buyer.post("/checkout/", {**form, **CARD}).headers["Location"]))
    payments = list(Payment.objects.order_by("pk"))
    for payment in payments:
        stripe.buyer_pays(payment.reference)
    news = [event for event in stripe.events if event["type"] != "payment_intent.created"]
    assert len(news) == rounds

    def arrive(number: int) -> Any:
        which, side = divmod(number, 2)
        if side:
            return post_event(stripe, news[which])
        buyer, bank = banks[which]
        return ending(buyer.get(f"{bank}return/"))

    answers = Counter(crowd(in_threads, 2 * rounds, arrive))
    assert answers == {200: rounds, "orders": rounds}
    assert Order.objects.filter(status=Status.PAID).count() == rounds
    assert stripe.ledger.charges == {payment.reference: payment.amount for payment in payments}
    assert stock("MUG") == (0, 0)
    assert ledger.violations() == []


def test_many_partial_refunds_at_once(home_page: object, stripe: FakeStripe, in_threads: Threads) -> None:
    make_product(sku="MUG", stock=10)
    [(buyer, form)] = at_the_till(1, MUG=2)
    bank = buyer.post("/checkout/", {**form, **CARD}).headers["Location"]
    payment = Payment.objects.get()
    stripe.buyer_pays(payment.reference)
    assert ending(buyer.get(f"{bank}return/")) == "orders"
    amount = payment.amount // 30

    def give_back(number: int) -> int:
        try:
            return services.refund(payment_id=payment.pk, amount=amount, key=uuid.uuid4()).amount
        except RefundRefused:
            return 0

    promised = crowd(in_threads, at_length(100, sample=40), give_back)
    payment.refresh_from_db()
    assert sum(promised) == 30 * amount == payment.refunded
    assert stripe.ledger.returns == {payment.reference: 30 * amount}
    assert Refund.objects.count() == 30
    assert ledger.violations() == []


def test_reservations_expire_under_buyers(home_page: object, in_threads: Threads) -> None:
    held, count = at_length((50, 200), sample=(15, 40))
    make_product(sku="MUG", stock=held)
    for buyer, form in at_the_till(held, MUG=1):
        buyer.post("/checkout/", {**form, **CONFIRMS})
    assert stock("MUG") == (held, held)
    Payment.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    def work(number: int) -> str:
        if number % 15 == 0:
            reconcile.expire_payments()
            return ""
        buyer = Buyer()
        buyer.add("MUG")
        page = buyer.get("/checkout/")
        if page.status_code != 200:
            return ending(page)
        return ending(buyer.post("/checkout/", {**DETAILS, **APPROVES, **hidden_fields(page)}))

    ends = Counter(crowd(in_threads, count, work))
    reconcile.expire_payments()
    sold = Order.objects.filter(status=Status.PAID).count()
    assert stock("MUG") == (held - sold, 0)
    assert ends["orders"] == sold
    assert Payment.objects.filter(status=PaymentStatus.CANCELLED).count() == held
    assert ledger.violations() == []


def test_the_buyer_pays_while_the_sweeper_cancels(home_page: object, stripe: FakeStripe, in_threads: Threads) -> None:
    """Stripe decides: where the card came first the order stands or the money goes back, else nothing was taken."""
    rounds = at_length(60, sample=8)
    make_product(sku="MUG", stock=rounds)
    for buyer, form in at_the_till(rounds, MUG=1):
        buyer.post("/checkout/", {**form, **CARD})
    payments = list(Payment.objects.order_by("pk"))
    Payment.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    def work(number: int) -> None:
        if number < rounds:
            # Refused: the sweeper was faster.
            with contextlib.suppress(Refused):
                stripe.buyer_pays(payments[number].reference)
        else:
            reconcile.expire_payments()

    crowd(in_threads, rounds + 4, work)
    reconcile.expire_payments()
    for event in stripe.events:
        assert post_event(stripe, event) == 200
    paid = Order.objects.filter(status=Status.PAID).count()
    assert len(stripe.ledger.charges) == paid
    assert Order.objects.filter(status=Status.CANCELLED).count() == rounds - paid
    assert stock("MUG") == (rounds - paid, 0)
    assert ledger.violations() == []


def test_carts_share_stock_in_both_orders(home_page: object, in_threads: Threads) -> None:
    rounds = at_length(500, sample=40)
    left = rounds * 3 // 4
    for sku in ("A", "B", "C"):
        make_product(sku=sku, stock=left)
    carts = [dict(cart) for cart in itertools.permutations([("A", 1), ("B", 1), ("C", 1)])]
    buyers = [at_the_till(1, **carts[number % len(carts)])[0] for number in range(rounds)]
    answers = crowd(in_threads, rounds, lambda number: buyers[number][0].post("/checkout/", buyers[number][1]))
    assert Counter(map(ending, answers)) == {"orders": left, "cart": rounds - left}
    assert [stock(sku) for sku in ("A", "B", "C")] == [(0, 0)] * 3
    assert ledger.violations() == []
