"""Giving money back, whole or in parts.

A refund is stored, and its amount taken off what can still be refunded, before the provider is called outside any
transaction; what a crash or an outage leaves in between, the sweeper finishes with the same key. Partial refunds change
nothing about the order: who sends goods back, or cancels, decides that elsewhere.
"""

import uuid
from collections.abc import Mapping
from functools import partial

from django.db import transaction
from django.utils import timezone

from shop.accounts.models import User
from shop.money import format_money
from shop.orders import services as orders
from shop.orders.documents.numbering import credit
from shop.orders.models import Order, OrderEvent, OrderMail
from shop.payments import failpoints, selectors
from shop.payments.locks import lock_payment, lock_refund
from shop.payments.models import Payment, Refund
from shop.payments.providers.base import RefundNews, RefundOutcome
from shop.payments.registry import provider_for
from shop.payments.rounds import ask_each
from shop.payments.statuses import PaymentStatus, RefundStatus

REASON_LENGTH = 200
REFUND_WORDS = {
    RefundStatus.REQUESTED: "{amount} is to be refunded.",
    RefundStatus.SETTLED: "{amount} refunded.",
    RefundStatus.FAILED: "The refund of {amount} did not go through. You can try it again.",
}


class RefundRefused(Exception):
    """The money cannot go back like this; the message is for staff. Nothing was changed."""


def refund(
    *,
    payment_id: int,
    amount: int,
    reason: str = "",
    actor: User | None = None,
    key: uuid.UUID,
    by_rate: Mapping[int, int] | None = None,
) -> Refund:
    """Promise ``amount`` (minor units) back to the buyer; the provider is asked once the transaction is through.

    The same ``key`` again gives the same refund, as it is by then. All refunds of a payment together are at most what
    was captured. ``by_rate`` says what of it was paid at which tax rate (basis points), for the credit note.

    Raises RefundRefused, Payment.DoesNotExist.
    """
    with transaction.atomic():
        shares = None if by_rate is None else {str(rate): part for rate, part in by_rate.items()}
        stored = _request(payment_id=payment_id, amount=amount, reason=reason, actor=actor, key=key, by_rate=shares)
        failpoints.hit("refund:before-commit")
    failpoints.hit("refund:committed")
    return stored


def refund_order(
    order: Order,
    *,
    amount: int,
    reason: str,
    actor: User | None,
    key: uuid.UUID,
    by_rate: Mapping[int, int] | None = None,
) -> str:
    """Send part of an order's money back; gives what happened, in words for staff.

    The same ``key`` again is the same refund. Raises RefundRefused.
    """
    known = selectors.refund_by_key(key)
    payment = known.payment if known else selectors.refundable_payment(order)
    if payment is None:
        raise RefundRefused("Nothing is left of this order's payment, so nothing can be refunded.")
    stored = refund(payment_id=payment.pk, amount=amount, reason=reason, actor=actor, key=key, by_rate=by_rate)
    stored.refresh_from_db()
    return REFUND_WORDS[RefundStatus(stored.status)].format(amount=stored.amount_text)


def _request(
    *, payment_id: int, amount: int, reason: str, actor: User | None, key: uuid.UUID, by_rate: dict[str, int] | None
) -> Refund:
    order, payment = lock_payment(payment_id=payment_id)
    if known := Refund.objects.filter(idempotency_key=key).first():
        if (known.payment_id, known.amount) != (payment.pk, amount):
            raise RefundRefused("This form has been used for another refund. Open the page again.")
        return known
    if amount < 1:
        raise RefundRefused("Refund an amount above zero.")
    if amount > payment.refundable:
        left = format_money(payment.refundable, payment.currency)
        raise RefundRefused(f"At most {left} of this payment can still be refunded.")
    return _promise(order, payment, amount=amount, reason=reason, actor=actor, key=key, by_rate=by_rate)


def owe(order: Order, payment: Payment, *, reason: str, actor: User | None = None) -> None:
    """Everything that is left of a payment has to go back, as the order does not stand. Both are locked."""
    rest = payment.refundable
    whole = payment.refunded == payment.captured
    payment.status = PaymentStatus.REFUNDED if whole else PaymentStatus.REFUND_DUE
    payment.save()
    if rest:
        _promise(order, payment, amount=rest, reason=reason, actor=actor, key=uuid.uuid4())


def settle_refund(*, refund_id: int) -> Refund:
    """Have the provider give back what was promised; harmless to call again. Raises ProviderUnavailable."""
    found = Refund.objects.select_related("payment__order").get(pk=refund_id)
    if found.status != RefundStatus.REQUESTED:
        return found
    failpoints.hit("refund:before")
    outcome = provider_for(found.payment.provider).refund(payment=found.payment, refund=found)
    failpoints.hit("refund:answered")
    return record_refund_outcome(refund_id=refund_id, outcome=outcome)


def settle_refunds() -> list[Refund]:
    """Have the providers give back what is promised; gives what went through or failed. For the sweeper."""
    asked = ask_each(selectors.refunds_requested(), lambda refund: settle_refund(refund_id=refund.pk))
    return [after for _, after in asked if after.status != RefundStatus.REQUESTED]


@transaction.atomic
def record_refund(*, refund_id: int, actor: User, note: str = "") -> Refund:
    """Staff have sent the money themselves. Raises RefundRefused where none is to be sent any more."""
    _, _, found = lock_refund(refund_id=refund_id)
    if found.status != RefundStatus.REQUESTED:
        raise RefundRefused(f"The refund is “{found.get_status_display()}” already.")
    return record_refund_outcome(refund_id=refund_id, outcome=RefundOutcome.settled(), actor=actor, note=note)


@transaction.atomic
def repeat_refund(*, refund_id: int, actor: User) -> Refund:
    """Ask again for a refund that failed, as a new one. Raises RefundRefused where it did not, or was repeated."""
    failed = Refund.objects.get(pk=refund_id)
    order, payment = lock_payment(payment_id=failed.payment_id)
    if failed.status != RefundStatus.FAILED or failed.amount > payment.refundable:
        raise RefundRefused("There is nothing left of it to be refunded.")
    key = selectors.refunds_again_key(failed)
    if Refund.objects.filter(idempotency_key=key).exists():
        raise RefundRefused("It has been repeated already.")
    return _promise(
        order, payment, amount=failed.amount, reason=failed.reason, actor=actor, key=key, by_rate=failed.by_rate
    )


def record_refund_outcome(
    *, refund_id: int, outcome: RefundOutcome, actor: User | None = None, note: str = ""
) -> Refund:
    """Store a provider's answer together with what it means for the payment. Old news changes nothing."""
    with transaction.atomic():
        found = _record(refund_id=refund_id, outcome=outcome, actor=actor, note=note)
        failpoints.hit("refund-record:before-commit")
    failpoints.hit("refund-record:committed")
    return found


def _record(*, refund_id: int, outcome: RefundOutcome, actor: User | None, note: str) -> Refund:
    order, payment, found = lock_refund(refund_id=refund_id)
    if found.status != RefundStatus.REQUESTED:
        return found
    found.reference = outcome.reference or found.reference
    if outcome.status == RefundStatus.REQUESTED:
        found.save(update_fields=["reference"])
        return found
    found.status, found.failure, found.closed_at = outcome.status, outcome.message[:255], timezone.now()
    found.actor = actor or found.actor
    # Only these: its reason may be erased at the same moment.
    found.save(update_fields=["status", "reference", "failure", "closed_at", "actor"])
    payment.refunding -= found.amount
    if outcome.status == RefundStatus.SETTLED:
        payment.refunded += found.amount
        if payment.refunded == payment.captured:
            payment.status = PaymentStatus.REFUNDED
        _tell(order, f"{found.amount_text} refunded. {note}", actor=actor)
        orders.request_mail(order=order, kind=OrderMail.Kind.REFUNDED, key=str(found.pk))
        credit(order=order, key=str(found.pk), amount=found.amount, reason=found.reason, by_rate=found.by_rate)
    else:
        _tell(order, f"The refund of {found.amount_text} failed. {outcome.message}", actor=actor)
    payment.save()
    return found


def _promise(
    order: Order,
    payment: Payment,
    *,
    amount: int,
    reason: str,
    actor: User | None,
    key: uuid.UUID,
    by_rate: dict[str, int] | None = None,
) -> Refund:
    """Store a refund and take its amount off what is left. Order and payment are locked."""
    stored = Refund.objects.create(
        payment=payment,
        amount=amount,
        reason=reason[:REASON_LENGTH],
        actor=actor,
        idempotency_key=key,
        by_rate=by_rate,
    )
    payment.refunding += amount
    payment.save()
    _tell(order, f"{stored.amount_text} has to be refunded. {reason}", actor=actor)
    transaction.on_commit(partial(_enqueue, stored.pk), robust=True)
    return stored


def _enqueue(refund_id: int) -> None:
    from shop.payments.tasks import settle_owed_refund  # the task calls back into this module

    settle_owed_refund.enqueue(refund_id)


def _tell(order: Order, message: str, *, actor: User | None = None) -> None:
    orders.record_event(order=order, kind=OrderEvent.Kind.PAYMENT, message=message.strip(), actor=actor)


def record_foreign_refund(*, payment_id: int, news: RefundNews) -> Refund:
    """A refund that was made at the payment company itself, as part of the caller's transaction.

    Raises RefundRefused where our own refunds leave no room for it; then one of them is about to fail.
    """
    order, payment = lock_payment(payment_id=payment_id)
    reference = news.outcome.reference
    known = Refund.objects.filter(payment=payment, reference=reference).first()
    if known is None:
        if not 0 < news.amount <= payment.refundable:
            raise RefundRefused(f"{news.amount} more than can be refunded.")
        reason = "Made at the payment company."
        known = _promise(order, payment, amount=news.amount, reason=reason, actor=None, key=uuid.uuid4())
        Refund.objects.filter(pk=known.pk).update(reference=reference)
    return record_refund_outcome(refund_id=known.pk, outcome=news.outcome)
