"""What payments keep of a person. They stay, for the books: what they say of anybody goes."""

from typing import Any

from shop.accounts.privacy import Holder, Person
from shop.orders.personal_data import orders_of
from shop.payments.models import Payment, Refund

FACTS = ("provider", "status", "currency", "amount", "captured", "refunded", "reference", "created_at")


def export(person: Person) -> Any:
    """Each with the number of its order."""
    found = Payment.objects.filter(order__in=orders_of(person)).select_related("order")
    return [{"order": payment.order.number, **{name: getattr(payment, name) for name in FACTS}} for payment in found]


def erase(person: Person) -> None:
    """Why money went back is in somebody's own words."""
    Refund.objects.filter(payment__order__in=orders_of(person)).update(reason="")


def marks(person: Person) -> list[str]:
    """The checkout's keys, by which the session of a guest is known to be this person's."""
    keys = Payment.objects.filter(order__in=orders_of(person)).values_list("idempotency_key", flat=True)
    return [str(key) for key in keys]


PAYMENTS = Holder(code="payments", export=export, erase=erase, marks=marks)
