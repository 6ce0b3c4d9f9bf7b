"""What payments keep of a person. They stay, for the books: what they say of anybody goes."""

from typing import Any

from django.db.models import QuerySet

from shop.accounts.privacy import Holder, Person
from shop.orders.personal_data import orders_of
from shop.payments.models import Payment, ProviderEvent, Refund
from shop.payments.statuses import RefundStatus

FACTS = ("provider", "status", "currency", "amount", "captured", "refunded", "reference", "created_at")
OWED_WORDS = "We still owe you money for your order {}. Wait until it has been sent back."


def payments_of(person: Person) -> QuerySet[Payment]:
    """All attempts to pay for the person's orders."""
    return Payment.objects.filter(order__in=orders_of(person))


def export(person: Person) -> Any:
    """Each with the number of its order."""
    found = payments_of(person).select_related("order")
    return [{"order": payment.order.number, **{name: getattr(payment, name) for name in FACTS}} for payment in found]


def hindrance(person: Person) -> str:
    """Whoever sends the money back has to know to whom."""
    owed = Refund.objects.filter(payment__in=payments_of(person), status=RefundStatus.REQUESTED)
    found = owed.select_related("payment__order").first()
    return OWED_WORDS.format(found.payment.order.number) if found else ""


def erase(person: Person) -> None:
    """Amounts, states and the companies' names of payments, refunds and messages stay.

    By those names the books are compared with the company's statements, and late refunds and disputes find their
    payment; the company alone can tell whose it was. What companies said besides goes, and so do words about the buyer.
    """
    payments = payments_of(person)
    Refund.objects.filter(payment__in=payments).update(reason="", failure="")
    ProviderEvent.objects.filter(payment__in=payments).update(facts={})
    payments.update(data={}, failure="", confirmation_url="", dispute_reason="")


def marks(person: Person) -> list[str]:
    """The checkout's keys, by which the session of a guest is known to be this person's."""
    return [str(key) for key in payments_of(person).values_list("idempotency_key", flat=True)]


PAYMENTS = Holder(code="payments", export=export, erase=erase, hindrance=hindrance, marks=marks)
