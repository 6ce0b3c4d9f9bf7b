"""Orders for tests: small, and adding up."""

from typing import Any

from django.db import connection, transaction

from shop.accounts.models import User
from shop.money import included_tax
from shop.orders import services
from shop.orders.drafts import Contact, DeliveryDraft, LineDraft, OrderDraft
from shop.orders.ledger_rules import DESK_RULES
from shop.orders.models import Order
from tests.factories import make_product

RATE = 2000
CONTACT = Contact(
    email="ann@example.com",
    name="Ann Archer",
    address_line_1="1 Quay Street",
    address_line_2="",
    city="Ipswich",
    postcode="IP4 1AA",
    country="GB",
)


def make_line(sku: str = "MUG", *, unit_price: int = 1250, quantity: int = 1, **fields: Any) -> LineDraft:
    """A line with its tax."""
    fields.setdefault("title", f"Product {sku}")
    fields.setdefault("options_label", "")
    tax = included_tax(unit_price * quantity, RATE)
    return LineDraft(sku=sku, unit_price=unit_price, quantity=quantity, tax_rate=RATE, tax=tax, **fields)


def make_draft(*lines: LineDraft, delivery: int | DeliveryDraft = 395, **fields: Any) -> OrderDraft:
    """An order of one mug unless lines are given; delivery at the usual rate where it is only an amount."""
    if not isinstance(delivery, DeliveryDraft):
        delivery = DeliveryDraft("Standard delivery", delivery, RATE, included_tax(delivery, RATE))
    fields.setdefault("contact", CONTACT)
    fields.setdefault("payment_method", "dummy")
    fields.setdefault("payment_label", "Test card")
    return OrderDraft(
        currency="GBP",
        lines=lines or (make_line(),),
        delivery=delivery,
        tax_label="VAT",
        **fields,
    )


def make_order(*lines: LineDraft, stock: int = 10, customer: User | None = None, **fields: Any) -> Order:
    """An order that waits for its payment, with its stock reserved. Products are made where there are none."""
    from shop.catalog.models import Variant

    draft = make_draft(*lines, **fields)
    for line in draft.lines:
        if not Variant.objects.filter(sku=line.sku).exists():
            make_product(sku=line.sku, title=line.title, price=line.unit_price, stock=stock)
    with transaction.atomic():
        return services.create_order(draft=draft, customer=customer)


def paid_order(*lines: LineDraft, stock: int = 10, **fields: Any) -> Order:
    """An order whose money has arrived, as far as this room knows: there is no payment."""
    order = services.mark_paid(order_id=make_order(*lines, stock=stock, **fields).pk)
    order.refresh_from_db()
    return order


def broken_rules() -> list[str]:
    """What is wrong with shipments, returns and documents."""
    with connection.cursor() as cursor:
        found = []
        for rule in DESK_RULES:
            cursor.execute(rule.sql)
            found += [f"{rule.sentence}: {row[0]}" for row in cursor.fetchall()]
    return found
