"""Buyers over real HTTP in front of gunicorn: the last units, and one cart that is posted again and again."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from shop.checkout import ledger
from shop.checkout.tests.factories import APPROVES, CARD, stock
from shop.orders.models import Order
from shop.orders.statuses import Status
from shop.payments.models import Payment
from tests.factories import make_product
from tests.fakes.stripe import FakeStripe
from tests.fixtures.served import ServedShop
from tests.long import at_length
from tests.served.visitor import PATIENCE, Visitor, address, ending

pytestmark = [pytest.mark.database, pytest.mark.long, pytest.mark.django_db(transaction=True)]
Threads = Callable[[int, Callable[[int], Any]], list[Any]]
Serve = Callable[..., ServedShop]

BUYERS = at_length(200, sample=24)
UNITS = 10
RUNS = at_length(20, sample=1)


def test_the_last_ten(serve: Serve, in_threads: Threads) -> None:
    shop = serve()
    for run in range(RUNS):
        sku = f"MUG-{run}"
        make_product(sku=sku, title=f"Mug {run}", stock=UNITS)
        ready = threading.Barrier(BUYERS)

        def buy(number: int, sku: str = sku, ready: threading.Barrier = ready) -> str:
            visitor = Visitor(shop.url)
            visitor.add(sku)
            form = visitor.form(**APPROVES, email=f"buyer{number}@example.com")
            # All have seen that there is stock.
            ready.wait(PATIENCE)
            path = address(visitor.post("/checkout/", form))
            page = visitor.get(path)
            assert page.status_code == 200
            assert ("This has sold out." in page.text) == (ending(path) == "cart")
            return ending(path)

        assert Counter(in_threads(BUYERS, buy)) == {"orders": UNITS, "cart": BUYERS - UNITS}
        assert Order.objects.filter(lines__sku=sku, status=Status.PAID).count() == UNITS
        assert Order.objects.count() == (run + 1) * UNITS
        assert stock(sku) == (0, 0)
        assert ledger.violations() == []
    assert sum(shop.letters().values()) == RUNS * UNITS


def test_one_cart_posted_many_times_and_replayed(serve: Serve, stripe: FakeStripe, in_threads: Threads) -> None:
    """A double click, many tabs and a request sent again: one order, one payment at Stripe, the same answer."""
    shop = serve()
    make_product(sku="MUG", stock=10)
    visitor = Visitor(shop.url)
    visitor.add("MUG", 2)
    form = visitor.form(**CARD)
    tabs = [visitor.same_browser() for _ in range(at_length(50, sample=12))]
    ready = threading.Barrier(len(tabs))

    def press(number: int) -> str:
        ready.wait(PATIENCE)
        return address(tabs[number].post("/checkout/", form))

    answers = {*in_threads(len(tabs), press), *(address(visitor.post("/checkout/", form)) for _ in range(3))}
    (bank,) = answers
    assert bank.startswith("/checkout/confirm/")
    assert Order.objects.count() == Payment.objects.count() == len(stripe.ledger.intents) == 1
    assert stock("MUG") == (10, 2)
    assert ledger.violations() == []
