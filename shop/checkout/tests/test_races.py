"""Many buyers at the same moment, each with a thread and a connection of its own, through the whole of HTTP."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from shop.checkout import ledger
from shop.checkout.tests.factories import APPROVES, CONFIRMS, DETAILS, Buyer, hidden_fields, stock
from shop.inventory import services as inventory
from shop.orders.models import Order
from shop.orders.statuses import Status
from shop.payments import reconcile
from shop.payments.models import Payment
from tests.factories import make_product

# Twice: on SQLite no visitor may meet "database is locked", on PostgreSQL no deadlock.
pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
Threads = Callable[[int, Callable[[int], Any]], list[Any]]

BUYERS = 50
LAST_UNITS = 5


def ending(answer: Any) -> str:
    """Where a buyer ended: with an order, back at the cart, or wherever else."""
    assert answer.status_code == 303, f"{answer.status_code}: {answer.content[:500]!r}"
    return str(answer.headers["Location"]).split("/")[1]


def at_the_till(count: int, **cart: int) -> list[tuple[Buyer, dict[str, Any]]]:
    """Buyers with the filled-in form before them: all of them have seen that there is stock."""
    buyers = []
    for number in range(count):
        buyer = Buyer()
        for sku, quantity in cart.items():
            buyer.add(sku, quantity)
        buyers.append((buyer, buyer.form(email=f"buyer{number}@example.com")))
    return buyers


def test_fifty_buyers_press_the_button_for_the_last_five(home_page: object, in_threads: Threads) -> None:
    make_product(sku="MUG", stock=LAST_UNITS)
    buyers = at_the_till(BUYERS, MUG=1)
    answers = in_threads(BUYERS, lambda number: buyers[number][0].post("/checkout/", buyers[number][1]))
    assert Counter(map(ending, answers)) == {"orders": LAST_UNITS, "cart": BUYERS - LAST_UNITS}
    assert Order.objects.filter(status=Status.PAID).count() == Order.objects.count() == LAST_UNITS
    assert stock("MUG") == (0, 0)
    assert ledger.violations() == []
    # A refusal is clean: the cart is still there, and says what happened.
    refused = next(buyer for (buyer, _), answer in zip(buyers, answers, strict=True) if ending(answer) == "cart")
    assert "This has sold out." in refused.get("/cart/").content.decode()
    assert refused.cart == {"MUG": 1}


def test_fifty_visitors_go_all_the_way_for_the_last_five(home_page: object, in_threads: Threads) -> None:
    make_product(sku="MUG", stock=LAST_UNITS)

    def visit(number: int) -> str:
        buyer = Buyer()
        assert buyer.add("MUG").status_code == 303
        page = buyer.get("/checkout/")
        if page.status_code == 303:
            return ending(page)
        answer = buyer.post("/checkout/", {**DETAILS, **APPROVES, **hidden_fields(page)})
        assert buyer.get(answer.headers["Location"]).status_code == 200
        return ending(answer)

    assert Counter(in_threads(BUYERS, visit)) == {"orders": LAST_UNITS, "cart": BUYERS - LAST_UNITS}
    assert stock("MUG") == (0, 0)
    assert ledger.violations() == []


def test_one_form_posted_twenty_times_is_one_order(home_page: object, in_threads: Threads) -> None:
    make_product(sku="MUG", stock=10)
    [(buyer, form)] = at_the_till(1, MUG=2)
    session = buyer.cookies["sessionid"].value

    def click(number: int) -> Any:
        browser = Buyer()
        browser.cookies["sessionid"] = session
        return browser.post("/checkout/", form)

    answers = in_threads(20, click)
    assert Counter(map(ending, answers)) == {"orders": 20}
    number = Order.objects.get().number
    assert {answer.headers["Location"].split("/")[2].split(".")[0] for answer in answers} == {number}
    assert Payment.objects.count() == 1
    assert stock("MUG") == (8, 0)
    assert ledger.violations() == []


def test_carts_that_share_products_in_both_orders(home_page: object, in_threads: Threads) -> None:
    make_product(sku="A", stock=12)
    make_product(sku="B", stock=12)
    buyers = at_the_till(10, A=1, B=1) + at_the_till(10, B=1, A=1)
    answers = in_threads(20, lambda number: buyers[number][0].post("/checkout/", buyers[number][1]))
    assert Counter(map(ending, answers)) == {"orders": 12, "cart": 8}
    assert (stock("A"), stock("B")) == ((0, 0), (0, 0))
    assert ledger.violations() == []


def test_the_buyer_approves_while_the_sweeper_gives_up(home_page: object, in_threads: Threads) -> None:
    """Whoever comes first: the order is paid, or the stock is back; never both, never half."""
    rounds = 10
    make_product(sku="MUG", stock=rounds)
    banks = []
    for buyer, form in at_the_till(rounds, MUG=1):
        banks.append((buyer, buyer.post("/checkout/", {**form, **CONFIRMS}).headers["Location"]))
    late = timezone.now() + timedelta(milliseconds=300)
    Payment.objects.update(expires_at=late)

    def race(number: int) -> str:
        if number >= rounds:
            reconcile.expire_payments()
            return ""
        buyer, bank = banks[number]
        return ending(buyer.post(bank, {"decision": "approve"}))

    ends = Counter(in_threads(rounds + 3, race))
    paid = Order.objects.filter(status=Status.PAID).count()
    assert (
        Order.objects.filter(status=Status.CANCELLED).count()
        == rounds - paid - Order.objects.filter(status=Status.AWAITING_PAYMENT).count()
    )
    assert ends["orders"] == paid
    assert stock("MUG")[0] == rounds - paid
    assert ledger.violations() == []


def test_an_approval_and_a_refusal_at_once(home_page: object, in_threads: Threads) -> None:
    make_product(sku="MUG", stock=10)
    for buyer, form in at_the_till(5, MUG=1):
        bank = buyer.post("/checkout/", {**form, **CONFIRMS}).headers["Location"]
        session = buyer.cookies["sessionid"].value

        def answer(number: int, bank: str = bank, session: str = session) -> str:
            browser = Buyer()
            browser.cookies["sessionid"] = session
            return ending(browser.post(bank, {"decision": "refuse" if number % 2 else "approve"}))

        in_threads(4, answer)
    assert ledger.violations() == []
    paid = Order.objects.filter(status=Status.PAID).count()
    owed = Payment.objects.filter(status__in=["refund_due", "refunded"]).count()
    assert paid + Order.objects.filter(status=Status.PAYMENT_FAILED).count() == 5
    assert stock("MUG") == (10 - paid, 0)
    assert owed <= 5 - paid


def test_stock_is_counted_anew_while_it_is_sold(home_page: object, in_threads: Threads) -> None:
    make_product(sku="MUG", stock=30)
    buyers = at_the_till(16, MUG=1)

    def work(number: int) -> str:
        if number < 16:
            return ending(buyers[number][0].post("/checkout/", buyers[number][1]))
        for _ in range(5):
            inventory.adjust(sku="MUG", quantity=1)
        return ""

    ends = Counter(in_threads(18, work))
    assert ends["orders"] == 16
    assert stock("MUG") == (30 + 10 - 16, 0)
    assert ledger.violations() == []
