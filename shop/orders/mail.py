"""Sending the letters that ``OrderMail`` rows promise: at least once, and once unless a crash falls in between."""

import logging
import smtplib
from datetime import timedelta
from functools import partial

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone

from cms.chrome import get_chrome
from cms.sites import default_site
from shop.orders.downloads import views_of
from shop.orders.links import order_url
from shop.orders.models import Order, OrderEvent, OrderMail
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
}


def send_after_commit(letter: OrderMail) -> None:
    """Queue a letter once the transaction has gone through. Trouble with the queue is logged; the sweeper resends."""
    transaction.on_commit(partial(_enqueue, letter.pk), robust=True)


def deliver(*, mail_id: int) -> bool:
    """Send a letter unless it is sent, or being sent, already. A failure is kept on the row, never raised."""
    if not _claim(mail_id):
        return False
    letter = OrderMail.objects.select_related("order").get(pk=mail_id)
    try:
        compose(order=letter.order, kind=letter.kind).send()
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
        OrderEvent.objects.create(
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


def compose(*, order: Order, kind: str) -> EmailMultiAlternatives:
    """The letter as HTML and as text."""
    payment = registry.payment_of(order)
    context = {
        "order": order,
        "lines": list(order.lines.prefetch_related("components")),
        "payment": payment,
        "instructions": payment.instructions if payment else None,
        "shop": get_chrome(default_site()),
        "url": order_url(order=order),
        "downloads": views_of(order=order),
    }
    name = _TEMPLATES[OrderMail.Kind(kind)]
    message = EmailMultiAlternatives(
        subject=" ".join(render_to_string(f"{name}_subject.txt", context).split()),
        body=render_to_string(f"{name}.txt", context),
        to=[order.email],
    )
    message.attach_alternative(render_to_string(f"{name}.html", context), "text/html")
    return message


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
