"""Looking at each order as it is placed, in its own transaction."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from shop.orders import review
from shop.orders.drafts import OrderDraft
from shop.orders.models import Order
from shop.orders.statuses import Status
from shop.screening.models import ScreeningSettings, Trace
from shop.screening.rules import Surroundings, registry

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Where orders came from is forgotten after so long.
KEPT = timedelta(days=30)


def screen(order: Order, draft: OrderDraft) -> None:
    """Remember where an order comes from, and hold it where a rule says so (registered with orders)."""
    trace = Trace(
        order=order,
        origin=draft.origin,
        mailbox=_digest("mailbox", order.email.strip().lower()),
        household=_digest("household", _household(order)),
    )
    reasons = registry.reasons(order, surroundings(trace), ScreeningSettings.current())
    trace.save()
    if reasons:
        review.hold(order=order, reasons=reasons)


def released(order: Order) -> None:
    """An order that is given up still counts as one that was tried (registered with orders)."""


def surroundings(trace: Trace) -> Surroundings:
    """What came before an order that is being placed; at most five queries, each by an index."""
    now = timezone.now()
    hour, day = Trace.objects.filter(created_at__gt=now - HOUR), Trace.objects.filter(created_at__gt=now - DAY)
    same = Q(mailbox=trace.mailbox) | (Q(origin=trace.origin) if trace.origin else Q())
    elsewhere = day.filter(household=trace.household).exclude(mailbox=trace.mailbox) if trace.household else day.none()
    return Surroundings(
        orders_from_here=hour.filter(origin=trace.origin).count() if trace.origin else 0,
        orders_by_mailbox=day.filter(mailbox=trace.mailbox).count(),
        failures=hour.filter(same, order__status=Status.PAYMENT_FAILED).count(),
        mailboxes=elsewhere.values("mailbox").distinct().count(),
        bought_before=Order.objects.filter(
            email=trace.order.email, status__in=(Status.PAID, Status.FULFILLED)
        ).exists(),
    )


def prune() -> int:
    """Forget where old orders came from; gives how many."""
    count, _ = Trace.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    return count


def _household(order: Order) -> str:
    """The address without what two people in one house write differently; empty where nothing is sent."""
    if not order.postcode:
        return ""
    parts = (order.country, order.postcode, order.address_line_1)
    return "\0".join("".join(part.casefold().split()) for part in parts)


def _digest(kind: str, text: str) -> str:
    """A keyed hash: equal texts have equal ones, and nobody reads the text from it."""
    return salted_hmac(f"shop.screening.{kind}", text).hexdigest()[:32] if text else ""
