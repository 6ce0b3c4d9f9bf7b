"""Messages that payment companies send by themselves: stored once, together with their effect.

The row is written first, so that of two copies of a message the second waits and then finds it. What a message says may
be old news; ``record_outcome`` and ``record_refund_outcome`` move by rank, not by arrival.
"""

from django.db import transaction
from django.utils import timezone

from shop.orders import services as orders
from shop.orders.models import OrderEvent
from shop.payments import failpoints
from shop.payments.locks import lock_payment
from shop.payments.models import Payment, ProviderEvent, Refund
from shop.payments.providers.base import Event, RefundNews
from shop.payments.refunds import RefundRefused, record_foreign_refund, record_refund_outcome
from shop.payments.services import capture_authorised, record_outcome
from shop.payments.statuses import DISPUTE_RANK, DisputeStatus

NO_PAYMENT = "no payment of ours"
NO_EFFECT = "nothing to do"


class EventPostponed(Exception):
    """The message cannot take effect yet; nothing was stored, and the company should send it again later."""


def receive_event(*, provider_code: str, event: Event) -> ProviderEvent:
    """Store a message and do what it says; one that came before changes nothing. Raises EventPostponed."""
    with transaction.atomic():
        stored, created = ProviderEvent.objects.get_or_create(
            provider=provider_code,
            event_id=event.id,
            defaults={"type": event.type[:80], "facts": dict(event.facts)},
        )
        if created:
            _process(stored, event)
        failpoints.hit("event:before-commit")
    failpoints.hit("event:committed")
    if stored.payment:
        capture_authorised(stored.payment)
    return stored


def _process(stored: ProviderEvent, event: Event) -> None:
    """Give a new message its effect."""
    payment = _payment_of(stored.provider, event)
    stored.payment = payment
    stored.outcome = _apply(payment, event)[:120] if payment else NO_PAYMENT
    stored.processed_at = timezone.now()
    stored.save()
    if payment:
        payment.refresh_from_db()


def _payment_of(provider_code: str, event: Event) -> Payment | None:
    """The payment that a message is about: by our own key, which the company gives back, or by the company's name."""
    payments = Payment.objects.filter(provider=provider_code)
    found = payments.filter(idempotency_key=event.key).first() if event.key else None
    if found is None and event.reference:
        found = payments.filter(reference=event.reference).first()
    return found


def _apply(payment: Payment, event: Event) -> str:
    """Do what a message says; gives what that was, for staff."""
    done: list[str] = []
    if event.outcome:
        after = record_outcome(payment_id=payment.pk, outcome=event.outcome)
        done.append(f"payment {after.get_status_display().lower()}")
    if event.refund:
        refund = _apply_refund(payment, event.refund)
        done.append(f"refund of {refund.amount_text} {refund.get_status_display().lower()}")
    if event.dispute:
        done.append(_apply_dispute(payment, event.dispute, event.dispute_reason))
    return ", ".join(done) or NO_EFFECT


def _apply_refund(payment: Payment, news: RefundNews) -> Refund:
    known = Refund.objects.filter(payment=payment, idempotency_key=news.key).first() if news.key else None
    if known:
        return record_refund_outcome(refund_id=known.pk, outcome=news.outcome)
    try:
        return record_foreign_refund(payment_id=payment.pk, news=news)
    except RefundRefused as refused:
        raise EventPostponed(str(refused)) from refused


def _apply_dispute(payment: Payment, status: DisputeStatus, reason: str) -> str:
    order, payment = lock_payment(payment_id=payment.pk)
    if DISPUTE_RANK[status] <= DISPUTE_RANK[payment.dispute]:
        return NO_EFFECT
    payment.dispute, payment.dispute_reason = status, reason[:60]
    payment.save(update_fields=["dispute", "dispute_reason", "updated_at"])
    words = f"The buyer disputes the payment at the bank ({reason or 'no reason given'}): {status.label.lower()}."
    orders.record_event(order=order, kind=OrderEvent.Kind.PAYMENT, message=words)
    return f"dispute: {status.label.lower()}"
