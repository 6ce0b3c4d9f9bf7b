"""Asking buyers for reviews by letter, once for an order."""

import logging
import smtplib
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone

from cms.chrome import get_chrome
from cms.sites import default_site
from shop.accounts.models import User
from shop.orders import services as orders
from shop.orders.actions import ActionRefused, OrderAction
from shop.orders.models import Order, OrderEvent
from shop.orders.statuses import Status as OrderStatus
from shop.reviews.links import invitation_url
from shop.reviews.models import Invitation
from shop.reviews.selectors import BOUGHT, bought_products

logger = logging.getLogger(__name__)

# How long a worker may take over one letter before another takes it up.
CLAIM_TIMEOUT = timedelta(minutes=10)
# After so many failures the sweeper leaves the letter alone.
MAX_ATTEMPTS = 5
# Orders that one run of the sweeper invites; the next run takes the others.
BATCH = 200


@transaction.atomic
def invite(*, order: Order) -> bool:
    """Promise the letter to an order's buyer and queue it; False where the buyer has been asked already."""
    invitation, created = Invitation.objects.get_or_create(order=order)
    if created:
        transaction.on_commit(partial(_enqueue, invitation.pk), robust=True)
    return created


def invite_due() -> int:
    """Invite the buyers of orders that were sent ``REVIEW_INVITATION_DAYS`` ago; gives how many. 0 days: nobody.

    Looks back a month, so that switching it on does not write to everybody who ever bought something.
    """
    days = settings.REVIEW_INVITATION_DAYS
    if not days:
        return 0
    until = timezone.now() - timedelta(days=days)
    due = Order.objects.filter(
        status=OrderStatus.FULFILLED,
        closed_at__lte=until,
        closed_at__gt=until - timedelta(days=30),
        review_invitation__isnull=True,
    ).exclude(customer__wants_review_invitations=False)
    return sum(invite(order=order) for order in due.order_by("pk")[:BATCH])


def pending() -> list[int]:
    """Invitations that should have gone out by now."""
    waiting = Invitation.objects.filter(_unclaimed(), sent_at=None, attempts__lt=MAX_ATTEMPTS)
    return list(
        waiting.filter(created_at__lt=timezone.now() - timedelta(minutes=1)).order_by("pk").values_list("pk", flat=True)
    )


def deliver(*, invitation_id: int) -> bool:
    """Send a letter unless it is sent, or being sent, already. A failure is kept on the row, never raised."""
    claimed = Invitation.objects.filter(_unclaimed(), pk=invitation_id, sent_at=None)
    if not claimed.update(claimed_at=timezone.now(), attempts=F("attempts") + 1):
        return False
    invitation = Invitation.objects.select_related("order").get(pk=invitation_id)
    try:
        compose(order=invitation.order).send()
    except Exception as error:  # a refused letter must not stop the others
        logger.error(
            "Invitation to review could not be sent",
            extra={"order": invitation.order.number, "error": type(error).__name__},
            # A mail server's refusal repeats the buyer's address: it stays out of the log.
            exc_info=not isinstance(error, smtplib.SMTPException),
        )
        Invitation.objects.filter(pk=invitation_id).update(claimed_at=None, last_error=type(error).__name__)
        return False
    with transaction.atomic():
        Invitation.objects.filter(pk=invitation_id).update(sent_at=timezone.now(), claimed_at=None, last_error="")
        orders.record_event(order=invitation.order, kind=OrderEvent.Kind.MAIL, message="Invitation to review sent")
    return True


def compose(*, order: Order) -> EmailMultiAlternatives:
    """The letter as HTML and as text."""
    context = {
        "order": order,
        "products": bought_products(order=order),
        "shop": get_chrome(default_site()),
        "url": invitation_url(order=order),
    }
    name = "emails/review_invitation"
    message = EmailMultiAlternatives(
        subject=" ".join(render_to_string(f"{name}_subject.txt", context).split()),
        body=render_to_string(f"{name}.txt", context),
        to=[order.email],
    )
    message.attach_alternative(render_to_string(f"{name}.html", context), "text/html")
    return message


def _unclaimed() -> Q:
    return Q(claimed_at=None) | Q(claimed_at__lt=timezone.now() - CLAIM_TIMEOUT)


def _enqueue(invitation_id: int) -> None:
    from shop.reviews.tasks import send_invitation  # the task calls back into this module

    send_invitation.enqueue(invitation_id)


def _run(order: Order, actor: User, note: str) -> str:
    if not bought_products(order=order):
        raise ActionRefused("Nothing of this order is in the shop any more, so there is nothing to review.")
    if order.customer and not order.customer.wants_review_invitations:
        raise ActionRefused("This buyer has asked us not to send letters about reviews.")
    if not invite(order=order):
        raise ActionRefused("The buyer of this order has been asked already.")
    return f"{order.email} is being asked for a review."


INVITE = OrderAction(
    code="review",
    label="Ask for a review",
    explanation="Sends the buyer a link by which reviews are marked as a buyer's. Once for an order.",
    permission="mail",
    is_possible=lambda order: order.status in BOUGHT,
    run=_run,
    rank=70,
)
