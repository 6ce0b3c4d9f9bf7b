"""Transitions: each moves order and stock together, once, and says so in the history."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from shop.accounts.tests.factories import UserFactory
from shop.inventory.models import StockItem, StockMovement
from shop.inventory.services import OutOfStock
from shop.orders import services
from shop.orders.models import Order, OrderLine
from shop.orders.statuses import TRANSITIONS, Status, StockState, TransitionRefused, allowed
from shop.orders.tests.factories import make_draft, make_line, make_order
from tests.factories import make_product

pytestmark = pytest.mark.django_db

MOVES: dict[str, Callable[..., Order]] = {
    "pay": services.mark_paid,
    "fail_payment": services.mark_payment_failed,
    "cancel": services.cancel,
    "fulfil": services.fulfil,
}


@pytest.fixture(autouse=True)
def _site(home_page: object) -> None:
    pass


def stock(sku: str = "MUG") -> tuple[int, int]:
    item = StockItem.objects.get(sku=sku)
    return item.on_hand, item.reserved


class TestCreate:
    def test_lines_and_stock(self) -> None:
        order = make_order(make_line("MUG", quantity=2), make_line("BOWL", unit_price=800, quantity=3))
        assert [(line.position, line.sku, line.line_total) for line in order.lines.all()] == [
            (0, "MUG", 2500),
            (1, "BOWL", 2400),
        ]
        assert (order.subtotal, order.total, order.tax_total) == (4900, 5295, 417 + 400 + 66)
        assert (stock("MUG"), stock("BOWL")) == ((10, 2), (10, 3))
        assert [event.kind for event in order.events.all()] == ["placed"]

    def test_too_little_stock_leaves_nothing_behind(self) -> None:
        make_product(sku="MUG", stock=10)
        make_product(sku="BOWL", stock=1)
        draft = make_draft(make_line("MUG"), make_line("BOWL", quantity=2))
        with pytest.raises(OutOfStock) as short, transaction.atomic():
            services.create_order(draft=draft)
        assert [(each.sku, each.wanted, each.available) for each in short.value.shortages] == [("BOWL", 2, 1)]
        assert not Order.objects.exists()
        assert (stock("MUG"), stock("BOWL")) == ((10, 0), (1, 0))

    def test_nothing_is_no_order(self) -> None:
        from dataclasses import replace

        with pytest.raises(ValueError, match="at least one line"):
            services.create_order(draft=replace(make_draft(), lines=()))


@pytest.mark.django_db(transaction=True)
def test_create_needs_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="inside the caller's transaction"):
        services.create_order(draft=make_draft())


class TestTransitions:
    def test_paid_units_are_sold(self) -> None:
        order = make_order(make_line(quantity=2))
        paid = services.mark_paid(order_id=order.pk)
        assert (paid.status, paid.stock_state) == (Status.PAID, StockState.SOLD)
        assert paid.paid_at is not None
        assert stock() == (8, 0)
        movement = StockMovement.objects.get(kind="sale")
        assert (movement.quantity, movement.reference) == (-2, order.number)

    @pytest.mark.parametrize("move", [services.mark_payment_failed, services.cancel])
    def test_given_up_units_are_free(self, move: Callable[..., Order]) -> None:
        order = move(order_id=make_order(make_line(quantity=2)).pk)
        assert order.stock_state == StockState.RELEASED
        assert order.closed_at is not None
        assert stock() == (10, 0)

    def test_cancelled_after_it_was_paid(self) -> None:
        order = make_order(make_line(quantity=2))
        services.mark_paid(order_id=order.pk)
        services.cancel(order_id=order.pk, actor=UserFactory(), note="Changed their mind")
        assert stock() == (10, 0)
        movement = StockMovement.objects.get(kind="return")
        assert (movement.quantity, movement.reference) == (2, order.number)

    def test_sent(self) -> None:
        order = make_order()
        services.mark_paid(order_id=order.pk)
        sent = services.fulfil(order_id=order.pk)
        assert (sent.status, sent.stock_state) == (Status.FULFILLED, StockState.SOLD)
        assert sent.closed_at is not None

    def test_the_history(self) -> None:
        clerk = UserFactory()
        order = make_order()
        services.mark_paid(order_id=order.pk, actor=clerk, note="x" * 600)
        services.fulfil(order_id=order.pk)
        events = [(event.kind, event.from_status, event.to_status, event.actor) for event in order.events.all()]
        assert events == [
            ("placed", "", "awaiting_payment", None),
            ("pay", "awaiting_payment", "paid", clerk),
            ("shipment", "", "", None),
            ("fulfil", "paid", "fulfilled", None),
        ]
        assert order.events.get(kind="pay").message == "x" * 500

    @pytest.mark.parametrize("status", list(Status))
    @pytest.mark.parametrize("name", list(MOVES))
    def test_only_the_ways_of_the_machine(self, status: Status, name: str) -> None:
        order = make_order()
        Order.objects.update(status=status)
        if name in [transition.name for transition in allowed(status)]:
            MOVES[name](order_id=order.pk)
            return
        with pytest.raises(TransitionRefused):
            MOVES[name](order_id=order.pk)
        order.refresh_from_db()
        assert (order.status, order.events.count(), stock()) == (status, 1, (10, 1))

    def test_the_machine(self) -> None:
        assert {t.name: (sorted(t.sources), t.target) for t in TRANSITIONS} == {
            "pay": (["awaiting_payment"], "paid"),
            "fail_payment": (["awaiting_payment"], "payment_failed"),
            "cancel": (["awaiting_payment", "paid"], "cancelled"),
            "fulfil": (["paid"], "fulfilled"),
            "reopen": (["fulfilled"], "paid"),
        }
        # Orders are reopened by undoing a shipment: see test_fulfilment.
        assert {t.name for t in TRANSITIONS} == {*MOVES, "reopen"}


@pytest.mark.database
class TestConstraints:
    """The database refuses what the services never do."""

    @pytest.mark.parametrize(
        "change", [{"total": 1}, {"subtotal": 1}, {"shipping_total": -1}, {"tax_total": -1}, {"discount_total": 5}]
    )
    def test_orders_add_up(self, change: dict[str, Any]) -> None:
        make_order()
        with pytest.raises(IntegrityError), transaction.atomic():
            Order.objects.update(**change)

    @pytest.mark.parametrize(
        "change", [{"line_total": 1}, {"quantity": 0}, {"unit_price": -1}, {"discount": 1}, {"tax": -1}]
    )
    def test_lines_add_up(self, change: dict[str, Any]) -> None:
        make_order()
        with pytest.raises(IntegrityError), transaction.atomic():
            OrderLine.objects.update(**change)

    def test_a_sku_is_on_one_line(self) -> None:
        make_order(make_line("MUG"), make_line("BOWL"))
        with pytest.raises(IntegrityError), transaction.atomic():
            OrderLine.objects.update(sku="MUG")
