"""Promising letters to the buyer. ``mail.py`` sends what is promised here."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from shop.accounts.models import User
from shop.orders import mail
from shop.orders.history import record_event
from shop.orders.locks import lock_order
from shop.orders.models import Order, OrderEvent, OrderMail

LINK_RENEWAL_PAUSE = timedelta(minutes=10)


@transaction.atomic
def request_mail(*, order: Order, kind: str, key: str = "") -> OrderMail:
    """Promise the buyer a letter; it is sent after the transaction. Promising the same letter twice sends it once.

    ``key`` tells letters of one kind apart: of each shipment and each refund there is exactly one.
    """
    letter, created = OrderMail.objects.get_or_create(order=order, kind=kind, key=key)
    if created:
        mail.send_after_commit(letter)
    return letter


@transaction.atomic
def withdraw_mail(*, order: Order, kind: str, key: str) -> None:
    """Take back the promise of a letter that has become wrong; one that has gone out stays."""
    OrderMail.objects.filter(order=order, kind=kind, key=key, sent_at=None, claimed_at=None).delete()


@transaction.atomic
def resend_mail(*, order: Order, kind: str, key: str = "", actor: User | None = None) -> OrderMail:
    """Send a letter again, or for the first time."""
    letter, created = OrderMail.objects.get_or_create(order=order, kind=kind, key=key)
    if not created:
        OrderMail.objects.filter(pk=letter.pk).update(
            sent_at=None, claimed_at=None, attempts=0, last_error="", copies=F("copies") + 1
        )
    record_event(
        order=order, kind=OrderEvent.Kind.MAIL, message=f"{letter.get_kind_display()}: to be sent again", actor=actor
    )
    mail.send_after_commit(letter)
    return letter


@transaction.atomic
def renew_link(*, order: Order) -> bool:
    """Send the buyer a fresh link to the order, by repeating its confirmation; not more often than every few minutes.

    Gives whether a letter was promised.
    """
    # Of many requests at once the first one sends, and the others see that it has.
    lock_order(order_id=order.pk)
    recently = timezone.now() - LINK_RENEWAL_PAUSE
    if order.events.filter(kind=OrderEvent.Kind.MAIL, created_at__gt=recently).exists():
        return False
    resend_mail(order=order, kind=OrderMail.Kind.CONFIRMATION)
    return True
