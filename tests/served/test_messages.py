"""Stripe's messages over real HTTP: before, during and after the buyer comes back."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from shop.checkout import ledger
from shop.checkout.tests.factories import stock
from shop.orders.models import Order
from shop.orders.statuses import Status
from shop.payments.models import Payment
from tests.factories import make_product
from tests.fakes.stripe import FakeStripe
from tests.fixtures.concurrency import in_crowd
from tests.fixtures.served import ServedShop
from tests.long import at_length
from tests.served.visitor import Visitor, address, ending, order_number

pytestmark = [pytest.mark.database, pytest.mark.long, pytest.mark.django_db(transaction=True)]
Serve = Callable[..., ServedShop]

CARD = {"provider": "stripe"}
WEBHOOK = "/payments/webhooks/stripe/"


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
