"""Sending the letters that ``OrderMail`` rows promise: at least once, and once unless a crash falls in between."""

import logging
import smtplib
from datetime import timedelta
from functools import partial
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone

from cms.chrome import get_chrome
from cms.sites import default_site
from shop.orders.downloads import views_of
from shop.orders.history import record_event
from shop.orders.links import invoice_url, order_url
from shop.orders.models import DocumentKind, Order, OrderEvent, OrderMail
from shop.orders.payment_source import registry

logger = logging.getLogger(__name__)

# How long a worker may take over one letter before another takes it up.
CLAIM_TIMEOUT = timedelta(minutes=10)
# After so many failures a person has to look: the sweeper leaves the letter alone.
MAX_ATTEMPTS = 8

_TEMPLATES = {
    OrderMail.Kind.CONFIRMATION: "emails/order_confirmation",
    OrderMail.Kind.PAYMENT_RECEIVED: "emails/order_payment_received",
    OrderMail.Kind.CANCELLED: "emails/order_cancelled",
    OrderMail.Kind.DOWNLOADS: "emails/order_downloads",
    OrderMail.Kind.SHIPPED: "emails/order_shipped",
    OrderMail.Kind.REFUNDED: "emails/order_refunded",
}


class LetterOutdated(Exception):
    """What the letter is about does not exist (any more); it must not be sent."""


def send_after_commit(letter: OrderMail) -> None:
    """Queue a letter once the transaction has gone through. Trouble with the queue is logged; the sweeper resends."""
    transaction.on_commit(partial(_enqueue, letter.pk), robust=True)


def deliver(*, mail_id: int) -> bool:
    """Send a letter unless it is sent, or being sent, already. A failure is kept on the row, never raised."""
    if not _claim(mail_id):
        return False
    letter = OrderMail.objects.select_related("order").get(pk=mail_id)
    try:
        message = compose(order=letter.order, kind=letter.kind, key=letter.key)
        message.extra_headers["Message-ID"] = message_id(letter)
        message.send()
    except LetterOutdated as outdated:
        with transaction.atomic():
            letter.delete()
            record_event(order=letter.order, kind=OrderEvent.Kind.MAIL, message=f"Not sent: {outdated}")
        return False
    except Exception as error:  # whatever the mail server or a template does, the order stands
        logger.error(
            "Order mail could not be sent",
            extra={"order": letter.order.number, "kind": letter.kind, "error": type(error).__name__},
            # A mail server's refusal repeats the buyer's address: it is kept on the row, not in the log.
            exc_info=not isinstance(error, smtplib.SMTPException),
        )
        OrderMail.objects.filter(pk=mail_id).update(
            claimed_at=None, last_error=f"{type(error).__name__}: {error}"[:500]
        )
        return False
    with transaction.atomic():
        OrderMail.objects.filter(pk=mail_id).update(sent_at=timezone.now(), claimed_at=None, last_error="")
        record_event(
            order=letter.order,
            kind=OrderEvent.Kind.MAIL,
            message=f"{letter.get_kind_display()} sent to {letter.order.email}",
        )
    return True


def pending(*, older_than: timedelta) -> list[int]:
    """Letters that should have gone out by now: promised before ``older_than`` ago, not sent, not given up."""
    return list(
        OrderMail.objects.filter(
            _unclaimed(), sent_at=None, attempts__lt=MAX_ATTEMPTS, created_at__lt=timezone.now() - older_than
        ).values_list("pk", flat=True)
    )


def given_up() -> int:
    """How many letters have failed too often to be tried again."""
    return OrderMail.objects.filter(sent_at=None, attempts__gte=MAX_ATTEMPTS).count()


def message_id(letter: OrderMail) -> str:
    """The same for every attempt at one letter: whoever gets it twice after a crash sees that it is one."""
    site = default_site()
    return f"<order-letter.{letter.pk}.{letter.copies}@{site.hostname if site else 'localhost'}>"


def compose(*, order: Order, kind: str, key: str = "") -> EmailMultiAlternatives:
    """The letter as HTML and as text. Raises LetterOutdated for a shipment or a refund that does not exist."""
    context = {**_about(order), **_subject_of(order, OrderMail.Kind(kind), key)}
    name = _TEMPLATES[OrderMail.Kind(kind)]
    message = EmailMultiAlternatives(
        subject=" ".join(render_to_string(f"{name}_subject.txt", context).split()),
        body=render_to_string(f"{name}.txt", context),
        to=[order.email],
    )
    message.attach_alternative(render_to_string(f"{name}.html", context), "text/html")
    return message


def _about(order: Order) -> dict[str, Any]:
    """What every letter may say about an order."""
    payment = registry.payment_of(order)
    return {
        "order": order,
        "lines": list(order.lines.prefetch_related("components")),
        "payment": payment,
        "instructions": payment.instructions if payment else None,
        "shop": get_chrome(default_site()),
        "url": order_url(order=order),
        "invoice_url": invoice_url(order=order) if order.documents.filter(kind=DocumentKind.INVOICE).exists() else "",
        "downloads": views_of(order=order),
    }


def _subject_of(order: Order, kind: OrderMail.Kind, key: str) -> dict[str, Any]:
    """What a letter about a part of the order is about."""
    if kind == OrderMail.Kind.SHIPPED:
        shipment = order.fulfilments.filter(pk=int(key), cancelled_at=None).first() if key.isdecimal() else None
        if shipment is None:
            raise LetterOutdated("The shipment that this letter is about was undone.")
        parts = list(shipment.lines.select_related("line").prefetch_related("line__components"))
        others = order.fulfilments.filter(cancelled_at=None).exclude(pk=shipment.pk)
        later = others.filter(position__gt=shipment.position).exists() or order.units_to_send > 0
        return {"shipment": shipment, "parts": parts, "is_last": not later, "is_whole": not (later or others.exists())}
    if kind == OrderMail.Kind.REFUNDED:
        payment = registry.payment_of(order)
        refund = next((each for each in payment.refunds if each.key == key), None) if payment else None
        if refund is None:
            raise LetterOutdated("The refund that this letter is about is not known.")
        return {"refund": refund}
    return {}


def _enqueue(mail_id: int) -> None:
    from shop.orders.tasks import send_order_mail  # the task calls back into this module

    send_order_mail.enqueue(mail_id)


def _unclaimed() -> Q:
    return Q(claimed_at=None) | Q(claimed_at__lt=timezone.now() - CLAIM_TIMEOUT)


def _claim(mail_id: int) -> bool:
    return bool(
        OrderMail.objects.filter(_unclaimed(), pk=mail_id, sent_at=None).update(
            claimed_at=timezone.now(), attempts=F("attempts") + 1
        )
    )
