"""The ledger check itself: silent over a shop that works, and loud over every single thing that can be wrong."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F

from shop.checkout import ledger
from shop.checkout.models import CheckoutAttempt
from shop.checkout.tests.factories import CONFIRMS, DECLINES, INVOICE, Buyer
from shop.inventory.models import StockItem, StockMovement
from shop.orders.models import Document, Fulfilment, Order, OrderEvent, OrderLine, Return
from shop.payments.models import Payment
from shop.payments.services import cancel_order
from tests.factories import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def shop(home_page: object) -> None:
    """One order of each kind."""
    make_product(sku="MUG", price=1250, stock=50)
    make_product(sku="BOWL", price=800, stock=None)
    for how in ({}, DECLINES, CONFIRMS, INVOICE, {"provider": "dummy"}):
        buyer = Buyer()
        buyer.add("MUG", 2)
        buyer.add("BOWL", 1)
        buyer.check_out(**how)
    cancel_order(order_id=Order.objects.filter(status="paid").latest("pk").pk)


def test_a_shop_that_works(shop: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert sorted(Order.objects.values_list("status", flat=True)) == [
        "awaiting_payment",
        "awaiting_payment",
        "cancelled",
        "paid",
        "payment_failed",
    ]
    call_command("check_ledger")
    assert capsys.readouterr().out == f"{len(ledger.RULES)} rules hold.\n"


def order(status: str) -> Order:
    return Order.objects.filter(status=status).latest("pk")


def sql(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text)


# What goes wrong, and a word of the rule that must notice.
FAULTS: dict[str, tuple[Callable[[], Any], str]] = {
    "a reservation is lost": (lambda: StockItem.objects.filter(sku="MUG").update(reserved=0), "Reserved units"),
    "a reservation is doubled": (lambda: StockItem.objects.filter(sku="MUG").update(reserved=8), "Reserved units"),
    "stock moves without a line": (lambda: StockItem.objects.filter(sku="MUG").update(on_hand=47), "Units on hand"),
    "a sale is not written": (lambda: StockMovement.objects.filter(kind="sale").delete(), "Each order's sale"),
    "more is sold than was ordered": (
        lambda: StockMovement.objects.filter(kind="sale", reference=order("paid").number).update(quantity=-3),
        "Each order's sale",
    ),
    "a return is forgotten": (lambda: StockMovement.objects.filter(kind="return").delete(), "Each order's sale"),
    "paid without a sale": (
        lambda: Order.objects.filter(pk=order("paid").pk).update(stock_state="reserved"),
        "stock is where its status",
    ),
    "an attempt without an order": (
        lambda: CheckoutAttempt.objects.filter(order=order("paid")).update(order=None),
        "Every attempt",
    ),
    "a line is lost": (
        lambda: OrderLine.objects.filter(order=order("paid"), sku="BOWL").delete(),
        "Lines and delivery",
    ),
    "tax does not add up": (lambda: OrderLine.objects.filter(sku="BOWL").update(tax=1), "the parts of the tax"),
    "more tax than price": (
        lambda: OrderLine.objects.filter(order=order("paid"), sku="MUG").update(tax=9999),
        "no tax is above",
    ),
    "paid without money": (
        lambda: Payment.objects.filter(order=order("paid")).update(captured=0, status="failed"),
        "A paid order was paid in full",
    ),
    "a refund that nobody counted": (
        lambda: Payment.objects.filter(order=order("paid")).update(refunding=1),
        "What a payment has given back",
    ),
    "money kept for a cancelled order": (
        lambda: Payment.objects.filter(order=order("cancelled")).update(refunded=0, status="captured"),
        "Money taken for an order",
    ),
    "a wrong amount is asked for": (
        lambda: Payment.objects.filter(order=order("awaiting_payment")).update(amount=1),
        "Refunds are at most",
    ),
    "money is missing and nobody was told": (
        lambda: Payment.objects.filter(order=order("paid")).update(captured=F("captured") - 1, shortfall=1),
        "Refunds are at most",
    ),
    "a captured payment without money": (
        lambda: Payment.objects.filter(order=order("paid")).update(captured=0),
        "amounts are what its state",
    ),
    "an order waits for nothing": (
        lambda: Payment.objects.filter(order=order("awaiting_payment")).update(status="failed"),
        "waits for its payment",
    ),
    "a closed order is still being paid": (
        lambda: Payment.objects.filter(order=order("payment_failed")).update(status="needs_confirmation"),
        "waits for its payment",
    ),
    "units are sent that nobody bought": (
        lambda: Fulfilment.objects.create(order=order("paid"), position=1).lines.create(
            line=order("paid").lines.get(sku="MUG"), quantity=1
        ),
        "Units that were sent",
    ),
    "a shipment of another order's line": (
        lambda: Fulfilment.objects.create(order=order("paid"), position=1).lines.create(
            line=order("cancelled").lines.get(sku="MUG"), quantity=1
        ),
        "lines of their own order",
    ),
    "a return that nobody counted": (
        lambda: Return.objects.create(order=order("paid"), position=1, reason="other").lines.create(
            line=order("paid").lines.get(sku="MUG"), quantity=1
        ),
        "Units that came back",
    ),
    "sent with something left": (
        lambda: Order.objects.filter(pk=order("paid").pk).update(status="fulfilled"),
        "A sent order has nothing left",
    ),
    "an invoice is lost": (lambda: Document.objects.filter(order=order("paid")).delete(), "has one invoice"),
    "a gap between invoices": (lambda: Document.objects.filter(order=order("cancelled")).delete(), "without gaps"),
    "an invoice over another amount": (lambda: Document.objects.update(amount=1), "has one invoice"),
    "credit without a refund": (
        lambda: Document.objects.create(order=order("paid"), kind="credit_note", sequence=1, number="CN-1", amount=1),
        "Credit notes are at most",
    ),
    "the history is silent": (lambda: OrderEvent.objects.filter(kind="pay").delete(), "history ends"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_noticed(shop: None, fault: str, capsys: pytest.CaptureFixture[str]) -> None:
    cause, word = FAULTS[fault]
    cause()
    assert any(word in violation.rule for violation in ledger.violations()), ledger.violations()
    with pytest.raises(CommandError, match="violation"):
        call_command("check_ledger")
    assert word in capsys.readouterr().err
