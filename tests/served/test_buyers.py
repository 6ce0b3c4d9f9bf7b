"""Buyers over real HTTP in front of gunicorn: the last units."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from shop.checkout import ledger
from shop.checkout.tests.factories import APPROVES, stock
from shop.orders.models import Order
from shop.orders.statuses import Status
from tests.factories import make_product
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
