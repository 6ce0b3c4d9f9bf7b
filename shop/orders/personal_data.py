"""What orders keep of a person, what becomes of a guest's orders, and what stays when a person is erased."""

import re
from typing import Any

from django.db.models import Q, QuerySet

from shop.accounts.models import User
from shop.accounts.privacy import ERASED_EMAIL, ERASED_NAME, Holder, Person
from shop.orders.models import Document, Fulfilment, Order, OrderEvent, OrderMail, Return
from shop.orders.statuses import Status

FACTS = (
    *("number", "status", "placed_at", "email", "name", "company", "phone", "address_line_1", "address_line_2", "city"),
    *("region", "postcode", "country", "currency", "subtotal", "discount_total", "shipping_label", "shipping_total"),
    *("tax_total", "tax_number", "total", "payment_label"),
)
LINE_FACTS = ("sku", "title", "options_label", "quantity", "unit_price", "discount", "line_total")
# What of an order says whose it was. Amounts, SKUs, taxes, tax numbers and the country stay: the books need them.
EMPTIED = ("company", "phone", "address_line_1", "address_line_2", "city", "region", "postcode")
OPEN = (Status.AWAITING_PAYMENT, Status.PAID)
OPEN_WORDS = "Your order {} is not finished. Wait until it has been sent, or ask us to cancel it."
GONE = "…"


def orders_of(person: Person) -> QuerySet[Order]:
    """The account's orders, and a guest's with one of its confirmed addresses."""
    return Order.objects.filter(Q(customer_id=person.user_id) | Q(customer=None, email__in=person.emails))


def claim(user: User, email: str) -> int:
    """Make a guest's orders the account's. Addresses are stored in lower case."""
    return Order.objects.filter(customer=None, email=email).update(customer=user)


def export(person: Person) -> Any:
    """Every order with its lines and its history."""
    return [
        {
            **{name: getattr(order, name) for name in FACTS},
            "lines": [{name: getattr(line, name) for name in LINE_FACTS} for line in order.lines.all()],
            "history": [{"at": event.created_at, "what": str(event)} for event in order.events.all()],
        }
        for order in orders_of(person).prefetch_related("lines", "events")
    ]


def hindrance(person: Person) -> str:
    """Somebody waits for a parcel: the shop has to know where it goes."""
    order = orders_of(person).filter(status__in=OPEN).first()
    return OPEN_WORDS.format(order.number) if order else ""


def erase(person: Person) -> None:
    """Leave the orders to the books, under nobody's name."""
    for order in orders_of(person).select_for_update().order_by("pk"):
        personal = [order.email, order.name, *(getattr(order, name) for name in EMPTIED)]
        _clean_history(order, [words for words in personal if len(words) > 2])
        OrderMail.objects.filter(order=order, sent_at=None).delete()
        OrderMail.objects.filter(order=order).update(last_error="")
        # A tracking number leads to the address.
        Fulfilment.objects.filter(order=order).update(tracking_number="", tracking_url="")
        for name in EMPTIED:
            setattr(order, name, "")
        order.email, order.name, order.customer = ERASED_EMAIL, ERASED_NAME, None
        order.held_for = ""
        order.save(update_fields=["email", "name", "customer", "held_for", "updated_at", *EMPTIED])


def _clean_history(order: Order, personal: list[str]) -> None:
    """Notes of staff may name the buyer, and the address of somebody who collects."""
    pattern = re.compile("|".join(re.escape(words) for words in sorted(personal, key=len, reverse=True)), re.IGNORECASE)
    for model, names in ((OrderEvent, ("message",)), (Return, ("note",)), (Document, ("reason",))):
        for row in model._default_manager.filter(order=order):
            cleaned = {name: pattern.sub(GONE, getattr(row, name)) for name in names}
            model._default_manager.filter(pk=row.pk).update(**cleaned)


ORDERS = Holder(code="orders", export=export, erase=erase, hindrance=hindrance)
