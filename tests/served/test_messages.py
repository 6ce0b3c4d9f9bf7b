"""Stripe's messages over real HTTP: before, during and after the buyer comes back, or never."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import QuerySet
from django.utils import timezone

from shop.checkout import ledger
from shop.checkout.tests.factories import APPROVES, CARD, stock
from shop.orders.models import Order
from shop.orders.statuses import Status
from shop.payments.models import Payment
from shop.payments.statuses import PaymentStatus
from tests.factories import make_product
from tests.fakes.stripe import FakeStripe
from tests.fixtures.concurrency import in_crowd
from tests.fixtures.served import ServedShop
from tests.long import LONG, at_length
from tests.served.visitor import Visitor, address, csrf, ending, order_number

pytestmark = [pytest.mark.database, pytest.mark.long, pytest.mark.django_db(transaction=True)]
Serve = Callable[..., ServedShop]

WEBHOOK = "/payments/webhooks/stripe/"
# What the shop promises, in seconds: by then money that nobody told it about is found, or given back.
PROMISE = 60
# Seconds between two of the things that happen while the schedule runs, so that they meet all its moments.
APART = at_length(2.5, sample=0.0)
# How long before now a payment was begun, in seconds; buyers have 15 minutes.
AGES = at_length((0, 60, 300, 600, 840), sample=(60,))


def at_the_bank(shop: ServedShop, sku: str, number: int) -> tuple[Visitor, str, Payment]:
    """A buyer whom the shop has sent to Stripe's card form; its address; the payment."""
    visitor = Visitor(shop.url)
    bank = visitor.check_out(sku, **CARD, email=f"buyer{number}@example.com")
    return visitor, bank, Payment.objects.get(token=bank.split("/")[3])


@pytest.mark.parametrize("capture", ["automatic", "manual"])
def test_the_message_comes_before_during_or_after_the_buyer(serve: Serve, stripe: FakeStripe, capture: str) -> None:
    rounds = at_length(150, sample=6)
    make_product(sku="MUG", stock=rounds)
    shop = serve(STRIPE_CAPTURE=capture)
    stripe.webhook_url, stripe.lose_events = shop.url + WEBHOOK, True
    buyers = in_crowd(rounds, lambda number: at_the_bank(shop, "MUG", number), at_once=20)

    def come_back(number: int) -> str:
        visitor, bank, payment = buyers[number]
        stripe.buyer_pays(payment.reference)
        [news] = [event for event in stripe.events if paid(event, payment)]
        told: list[int] = []
        message = threading.Thread(target=lambda: told.append(stripe.deliver(news)))
        moment = ("before", "during", "after")[number % 3]
        if moment != "after":
            message.start()
        if moment == "before":
            message.join()
        path = address(visitor.get(f"{bank}return/"))
        if moment == "after":
            message.start()
        message.join()
        assert told == [200]
        assert order_number(path) == payment.order.number
        return ending(path)

    assert Counter(in_crowd(rounds, come_back, at_once=20)) == {"orders": rounds}
    assert Order.objects.filter(status=Status.PAID).count() == Order.objects.count() == rounds
    assert stripe.ledger.charges == {payment.reference: payment.amount for _, _, payment in buyers}
    assert stock() == (0, 0)
    assert set(shop.letters().values()) == {1}
    assert shop.letters().total() == rounds
    assert ledger.violations() == []


def paid(event: dict[str, Any], payment: Payment) -> bool:
    """Whether a message says that the buyer has paid."""
    kinds = ("payment_intent.succeeded", "payment_intent.amount_capturable_updated")
    return event["data"]["object"]["id"] == payment.reference and event["type"] in kinds


def at_moments(rounds: int, happen: Callable[[int], int], is_over: QuerySet[Any]) -> list[float]:
    """Let something ``happen`` to one thing after the other, and see in how many seconds the shop has put it in order.

    ``happen`` gives a row's key, ``is_over`` the rows in order. Fails where one takes longer than the shop promises.
    """
    took: list[float] = []
    waiting: dict[int, float] = {}
    after = time.monotonic()
    while rounds > len(took):
        done = len(took) + len(waiting)
        if done < rounds and time.monotonic() >= after:
            waiting[happen(done)] = time.monotonic()
            after += APART
        over = list(is_over.filter(pk__in=waiting).values_list("pk", flat=True))
        took += [round(time.monotonic() - waiting.pop(key), 1) for key in over]
        late = [key for key, since in waiting.items() if time.monotonic() - since > PROMISE]
        assert not late, f"{late} not within {PROMISE} s; others took {took}"
        time.sleep(0.1)
    print("Seconds until the shop was in order:", sorted(took))  # noqa: T201  (measured: `make test-long` shows it)
    return took


def test_every_message_is_lost_and_nobody_comes_back(serve: Serve, stripe: FakeStripe) -> None:
    rounds = at_length(25, sample=2)
    make_product(sku="MUG", stock=rounds)
    shop = serve()
    payments = [at_the_bank(shop, "MUG", number)[2] for number in range(rounds)]

    def pay(number: int) -> int:
        # In the long run the shop has just asked, and found nothing.
        asked = timezone.now() if LONG else None
        begun = timezone.now() - timedelta(seconds=AGES[number % len(AGES)])
        Payment.objects.filter(pk=payments[number].pk).update(created_at=begun, asked_at=asked)
        stripe.buyer_pays(payments[number].reference)
        if number == (0 if LONG else rounds - 1):
            shop.start_schedule()
        return payments[number].order_id

    at_moments(rounds, pay, Order.objects.filter(status=Status.PAID, mails__sent_at__isnull=False))
    assert stripe.ledger.charges == {payment.reference: payment.amount for payment in payments}
    assert stock() == (0, 0)
    assert shop.letters().total() == rounds
    assert ledger.violations() == []


def test_money_for_units_that_others_have_bought(serve: Serve, stripe: FakeStripe) -> None:
    """It goes back, also where Stripe does not take the first call for it."""
    rounds = at_length(25, sample=2)
    make_product(sku="MUG", stock=rounds)
    shop = serve()
    stripe.webhook_url, stripe.lose_events = shop.url + WEBHOOK, True
    payments = [at_the_bank(shop, "MUG", number)[2] for number in range(rounds)]
    Payment.objects.update(expires_at=timezone.now())
    call_command("expire_payments")
    assert stock() == (rounds, 0)
    for _ in range(rounds):
        assert ending(Visitor(shop.url).check_out("MUG", **APPROVES)) == "orders"
    assert stock() == (0, 0)

    def take(number: int) -> int:
        reference = payments[number].reference
        stripe.ledger.take_late(reference)
        [news] = [event for event in stripe.events if paid(event, payments[number])]
        stripe.trouble.extend(["500", "500"])
        assert stripe.deliver(news) == 200
        if number == (0 if LONG else rounds - 1):
            shop.start_schedule()
        return payments[number].pk

    at_moments(rounds, take, Payment.objects.filter(status=PaymentStatus.REFUNDED))
    assert stripe.ledger.charges == stripe.ledger.returns
    assert stripe.ledger.returns == {payment.reference: payment.amount for payment in payments}
    assert Order.objects.filter(status=Status.PAID).count() == rounds
    assert Order.objects.filter(status=Status.CANCELLED).count() == rounds
    assert stock() == (0, 0)
    assert ledger.violations() == []


def test_a_promise_for_units_that_others_have_bought(serve: Serve, stripe: FakeStripe) -> None:
    """The buyer gives up although the bank has promised the money: it is never taken."""
    make_product(sku="MUG", stock=1)
    shop = serve(STRIPE_CAPTURE="manual")
    stripe.webhook_url, stripe.lose_events = shop.url + WEBHOOK, True
    visitor, bank, payment = at_the_bank(shop, "MUG", 1)
    token = csrf(visitor.get(bank))
    stripe.buyer_pays(payment.reference)
    promise = stripe.events[-1]
    assert address(visitor.post(f"{bank}abandon/", token)) == "/checkout/"
    assert ending(Visitor(shop.url).check_out("MUG", **APPROVES)) == "orders"
    assert stripe.deliver(promise) == 200
    assert stripe.ledger.intent(payment.reference)["status"] == "canceled"
    assert not stripe.ledger.charges
    assert sorted(Order.objects.values_list("status", flat=True)) == [Status.CANCELLED, Status.PAID]
    assert stock() == (0, 0)
    assert ledger.violations() == []
