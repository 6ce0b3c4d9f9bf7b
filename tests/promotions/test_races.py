"""Codes with limits, and many buyers at once."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from shop.cart.buyer import Buyer as Facts
from shop.cart.selectors import build_cart
from shop.checkout import ledger
from shop.checkout.services import CartChanged, place_order
from shop.orders.models import Order, OrderDiscount
from shop.orders.tests.factories import CONTACT
from shop.payments.providers.invoice import InvoiceProvider
from shop.payments.services import cancel_order
from shop.promotions.models import Redemption, UsageCounter
from shop.promotions.tests.factories import make_promotion
from tests.factories import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]
Threads = Callable[[int, Callable[[int], Any]], list[Any]]


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
class TestRaces:
    """A hundred buyers who have all seen the discount order at once, on fifty connections."""

    BUYERS, AT_ONCE = 100, 50

    def race(self, in_threads: Threads, *, email: str) -> Counter[str]:
        make_product(sku="MUG", price=1000, stock=500)
        facts = [Facts(email=email.format(number), codes=("ONCE",)) for number in range(self.BUYERS)]
        seen = build_cart(items={"MUG": 1}, buyer=facts[0])
        assert seen.discounts
        prints = [build_cart(items={"MUG": 1}, buyer=each).fingerprint for each in facts]
        assert set(prints) == {seen.fingerprint}

        def order(number: int) -> list[str]:
            return [place(facts[each], prints[each]) for each in range(number, self.BUYERS, self.AT_ONCE)]

        ends = Counter(end for found in in_threads(self.AT_ONCE, order) for end in found)
        assert Order.objects.filter(discount_total=100).count() == Order.objects.count() == ends["order"]
        assert OrderDiscount.objects.count() == Redemption.objects.count() == ends["order"]
        assert ledger.violations() == []
        return ends

    def test_a_single_use_code(self, home_page: object, in_threads: Threads) -> None:
        make_promotion(code="ONCE", max_uses=1)
        assert self.race(in_threads, email="buyer{}@example.com") == {"order": 1, "asked again": 99}
        assert UsageCounter.objects.get().used == 1

    def test_once_per_customer(self, home_page: object, in_threads: Threads) -> None:
        make_promotion(code="ONCE", limit_per_customer=1)
        # One person who has many browsers, and knows about the plus sign.
        assert self.race(in_threads, email="ann+{}@example.com") == {"order": 1, "asked again": 99}

    def test_seven_altogether(self, home_page: object, in_threads: Threads) -> None:
        make_promotion(code="ONCE", limit_total=7)
        assert self.race(in_threads, email="buyer{}@example.com") == {"order": 7, "asked again": 93}

    def test_used_and_given_back_at_the_same_time(self, home_page: object, in_threads: Threads) -> None:
        make_product(sku="MUG", price=1000, stock=500)
        make_promotion(code="ONCE", limit_total=5, max_uses=5)

        def work(number: int) -> None:
            facts = Facts(email=f"b{number}@example.com", codes=("ONCE",))
            if place(facts, build_cart(items={"MUG": 1}, buyer=facts).fingerprint) == "order" and number % 2:
                cancel_order(order_id=Order.objects.get(email=facts.email).pk)

        in_threads(30, work)
        standing = Order.objects.exclude(status="cancelled").filter(discounts__isnull=False).count()
        assert set(UsageCounter.objects.filter(limit__isnull=False).values_list("used", flat=True)) == {standing}
        assert standing <= 5
        assert ledger.violations() == []


def place(facts: Facts, seen: str) -> str:
    """Order one mug with the discount that was seen: "order", or "asked again"."""
    contact = replace(CONTACT, email=facts.email)
    try:
        place_order(
            key=uuid4(),
            items={"MUG": 1},
            buyer=facts,
            seen=seen,
            contact=contact,
            provider=InvoiceProvider(),
            provider_data={},
        )
    except CartChanged:
        return "asked again"
    return "order"
