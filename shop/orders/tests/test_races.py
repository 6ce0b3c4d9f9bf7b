"""Two members of staff at one order, each with a thread and a connection of its own."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from shop.inventory.models import StockItem
from shop.orders import fulfilment, returns, services
from shop.orders.models import Document, Order, OrderMail
from shop.orders.statuses import OrderRefused
from shop.orders.tests.factories import broken_rules, make_line, make_order, paid_order

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
Threads = Callable[[int, Callable[[int], Any]], list[Any]]
HANDS = 8


def tried(work: Callable[[], Any]) -> str:
    """Whether it was done or cleanly refused."""
    try:
        work()
    except OrderRefused:
        return "refused"
    return "done"


def test_many_hands_send_the_last_unit(home_page: object, in_threads: Threads) -> None:
    order = paid_order(make_line("MUG", quantity=3))
    line = order.lines.get()
    answers = in_threads(HANDS, lambda _: tried(lambda: fulfilment.send(order_id=order.pk, quantities={line.pk: 2})))
    assert Counter(answers) == {"done": 1, "refused": HANDS - 1}
    answers = in_threads(HANDS, lambda _: tried(lambda: fulfilment.send(order_id=order.pk)))
    assert Counter(answers) == {"done": 1, "refused": HANDS - 1}
    line.refresh_from_db()
    assert (line.fulfilled, order.fulfilments.count(), OrderMail.objects.count()) == (3, 2, 2)
    assert broken_rules() == []


def test_two_returns_of_the_same_units(home_page: object, in_threads: Threads) -> None:
    order = services.fulfil(order_id=paid_order(make_line("MUG", quantity=3)).pk)
    line = order.lines.get()

    def announce(number: int) -> str:
        return tried(lambda: returns.announce(order_id=order.pk, quantities={line.pk: 2}, reason="damaged"))

    assert Counter(in_threads(HANDS, announce)) == {"done": 1, "refused": HANDS - 1}
    returned = order.returns.get()
    answers = in_threads(HANDS, lambda _: tried(lambda: returns.receive(return_id=returned.pk)))
    assert Counter(answers) == {"done": 1, "refused": HANDS - 1}
    assert StockItem.objects.get(sku="MUG").on_hand == 9
    assert broken_rules() == []


def test_one_sends_while_another_cancels(home_page: object, in_threads: Threads) -> None:
    orders = [paid_order(make_line("MUG"), stock=50) for _ in range(4)]

    def work(number: int) -> str:
        order = orders[number // 2]
        if number % 2:
            return tried(lambda: services.cancel(order_id=order.pk))
        return tried(lambda: fulfilment.send(order_id=order.pk))

    answers = in_threads(8, work)
    assert Counter(answers) == {"done": 4, "refused": 4}
    sent = Order.objects.filter(status="fulfilled").count()
    assert StockItem.objects.get(sku="MUG").on_hand == 50 - sent
    assert broken_rules() == []


def test_payments_at_the_same_moment_leave_no_gap_between_invoices(home_page: object, in_threads: Threads) -> None:
    orders = [make_order(make_line("MUG"), stock=50) for _ in range(HANDS)]
    in_threads(HANDS, lambda number: services.mark_paid(order_id=orders[number].pk))
    assert sorted(Document.objects.values_list("sequence", flat=True)) == list(range(1, HANDS + 1))
    assert broken_rules() == []
