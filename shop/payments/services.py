"""Everything that writes a payment, and through it moves its order.

The provider is always called outside a transaction; its answer is then recorded in one, under locks, together with
what it means for the order. An answer that is old news by then changes nothing.
"""

import logging
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from shop.accounts.models import User
from shop.money import format_money
from shop.orders import review
from shop.orders import services as orders
from shop.orders.locks import lock_order
from shop.orders.models import Order, OrderEvent, OrderMail
from shop.orders.statuses import CANCEL, Status, TransitionRefused
from shop.payments import failpoints, selectors
from shop.payments.locks import captured_payments, lock_payment
from shop.payments.models import Payment
from shop.payments.providers.base import Outcome, ProviderUnavailable
from shop.payments.refunds import (
    RefundRefused,
    owe,
    record_refund,
    refund,
    repeat_refund,
    settle_refund,
    settle_refunds,
)
from shop.payments.registry import provider_for
from shop.payments.statuses import ANSWERS, OPEN, PaymentStatus, moves_on

__all__ = ["RefundRefused", "record_refund", "refund", "repeat_refund", "settle_refund", "settle_refunds"]

logger = logging.getLogger(__name__)


class PaymentClosed(Exception):
    """The payment waits for nothing any more: it is done, was cancelled, or took too long."""

    def __init__(self, payment: Payment) -> None:
        self.payment = payment
        super().__init__(f"Payment {payment.pk} is {payment.status}.")


def open_payment(*, order: Order, provider_code: str, idempotency_key: uuid.UUID) -> Payment:
    """Store the intention to be paid, as part of the caller's transaction; the provider is not called yet."""
    return Payment.objects.create(
        order=order,
        provider=provider_code,
        currency=order.currency,
        amount=order.total,
        idempotency_key=idempotency_key,
        expires_at=_deadline(),
    )


def start_payment(*, payment_id: int, data: Mapping[str, Any]) -> Payment:
    """Ask the provider for the money and record the answer. A payment that is further on is given back as it is.

    Raises ProviderUnavailable; the payment then still says that nothing is known.
    """
    payment = Payment.objects.select_related("order").get(pk=payment_id)
    if payment.status != PaymentStatus.CREATED:
        return payment
    if payment.amount == 0:
        outcome = Outcome.captured()
    else:
        failpoints.hit("start:before")
        outcome = provider_for(payment.provider).start(payment=payment, data=data)
        failpoints.hit("start:answered")
    return capture_authorised(record_outcome(payment_id=payment_id, outcome=outcome))


def confirm_payment(*, payment_id: int, data: Mapping[str, Any]) -> Payment:
    """Go on with what the buyer answered at the bank. Raises PaymentClosed or ProviderUnavailable."""
    payment = Payment.objects.select_related("order").get(pk=payment_id)
    if payment.status != PaymentStatus.NEEDS_CONFIRMATION:
        raise PaymentClosed(payment)
    if selectors.is_expired(payment):
        raise PaymentClosed(give_up(payment_id=payment_id, note="The confirmation took too long."))
    outcome = provider_for(payment.provider).confirm(payment=payment, data=data)
    failpoints.hit("confirm:answered")
    return capture_authorised(record_outcome(payment_id=payment_id, outcome=outcome))


def capture_authorised(payment: Payment) -> Payment:
    """Take the money that a payment was just authorised for; any other is given back as it is.

    Where the provider does not answer, the payment stays authorised, and the reconciler captures it.
    """
    if payment.status != PaymentStatus.AUTHORISED:
        return payment
    failpoints.hit("capture:before")
    try:
        outcome = provider_for(payment.provider).capture(payment=payment)
    except ProviderUnavailable as error:
        logger.warning("Capture left for the reconciler", extra={"payment": payment.pk, "why": str(error)})
        return payment
    failpoints.hit("capture:answered")
    return record_outcome(payment_id=payment.pk, outcome=outcome)


def give_up(*, payment_id: int, actor: User | None = None, note: str = "") -> Payment:
    """Cancel an open payment and with it the order, so that the stock goes back.

    The provider may answer that the money has been taken meanwhile: the order is then paid, and stands.
    Raises ProviderUnavailable.
    """
    payment = Payment.objects.select_related("order").get(pk=payment_id)
    if payment.status not in OPEN:
        return payment
    failpoints.hit("cancel:before")
    outcome = provider_for(payment.provider).cancel(payment=payment)
    failpoints.hit("cancel:answered")
    return record_outcome(payment_id=payment_id, outcome=outcome, actor=actor, note=note)


def cancel_order(*, order_id: int, actor: User | None = None, note: str = "") -> Order:
    """Cancel an order that was not sent: an open payment is cancelled first, money that was taken goes back.

    Raises TransitionRefused or ProviderUnavailable.
    """
    order = Order.objects.get(pk=order_id)
    if order.status not in CANCEL.sources:
        raise TransitionRefused(number=order.number, status=order.status, transition=CANCEL)
    waiting = order.payments.filter(status__in=OPEN).first()
    if waiting and give_up(payment_id=waiting.pk, actor=actor, note=note).status == PaymentStatus.CANCELLED:
        return Order.objects.get(pk=order_id)
    with transaction.atomic():
        lock_order(order_id=order_id)
        order = orders.cancel(order_id=order_id, actor=actor, note=note)
        for payment in captured_payments(order=order):
            owe(order, payment, reason="The order was cancelled.", actor=actor)
        orders.request_mail(order=order, kind=OrderMail.Kind.CANCELLED)
    return order


def record_money(*, payment_id: int, actor: User, note: str = "") -> Payment:
    """Staff have seen the money in the account. Raises PaymentClosed where none is waited for."""
    payment = Payment.objects.get(pk=payment_id)
    if payment.status != PaymentStatus.PENDING:
        raise PaymentClosed(payment)
    return record_outcome(
        payment_id=payment_id, outcome=Outcome.captured(reference=payment.reference), actor=actor, note=note
    )


def record_outcome(*, payment_id: int, outcome: Outcome, actor: User | None = None, note: str = "") -> Payment:
    """Store a provider's answer together with what it means for the order. Old news changes nothing.

    What goes back is told by refunds alone (``refunds.record_refund_outcome``).
    """
    with transaction.atomic():
        payment = _record(payment_id=payment_id, outcome=outcome, actor=actor, note=note)
        failpoints.hit("record:before-commit")
    failpoints.hit("record:committed")
    return payment


def _record(*, payment_id: int, outcome: Outcome, actor: User | None, note: str) -> Payment:
    order, payment = lock_payment(payment_id=payment_id)
    if outcome.status not in ANSWERS or not moves_on(payment.status, outcome.status):
        return payment
    before, payment.status = payment.status, outcome.status
    payment.reference = outcome.reference or payment.reference
    payment.failure = outcome.message[:255]
    payment.confirmation_url = outcome.confirmation_url
    payment.data = {**payment.data, **outcome.data}
    match outcome.status:
        case PaymentStatus.CAPTURED:
            _captured(order, payment, outcome, before=before, actor=actor, note=note)
        case PaymentStatus.FAILED:
            payment.save()
            if order.status == Status.AWAITING_PAYMENT:
                orders.mark_payment_failed(order_id=order.pk, actor=actor, note=note or outcome.message)
        case PaymentStatus.CANCELLED:
            payment.save()
            if order.status == Status.AWAITING_PAYMENT:
                orders.cancel(order_id=order.pk, actor=actor, note=note)
            if before == PaymentStatus.PENDING:
                # The buyer has a letter that says that the order stands.
                orders.request_mail(order=order, kind=OrderMail.Kind.CANCELLED)
        case PaymentStatus.AUTHORISED:
            payment.save()
            _tell(order, f"{payment.amount_text} authorised.")
        case PaymentStatus.NEEDS_CONFIRMATION:
            payment.expires_at = _deadline()
            payment.save()
            _tell(order, "The buyer was asked to confirm the payment.")
        case PaymentStatus.PENDING:
            payment.expires_at = outcome.expires_at
            payment.save()
            _tell(order, f"Waiting for {payment.amount_text}.")
            orders.request_mail(order=order, kind=OrderMail.Kind.CONFIRMATION)
    order.refresh_from_db()
    return payment


def _captured(order: Order, payment: Payment, outcome: Outcome, *, before: str, actor: User | None, note: str) -> None:
    """The money is here. If the order was closed meanwhile, it has to go back; of too little staff are told."""
    payment.captured = payment.amount if outcome.amount is None else min(outcome.amount, payment.amount)
    payment.shortfall = payment.amount - payment.captured
    payment.save()
    if order.status != Status.AWAITING_PAYMENT:
        owe(order, payment, reason="The order was closed before the money came.")
        return
    if payment.shortfall:
        taken = format_money(payment.captured, payment.currency)
        review.hold(order=order, reasons=[order.held_for, f"Only {taken} of {payment.amount_text} was taken."])
    orders.mark_paid(order_id=order.pk, actor=actor, note=note)
    paid_later = before == PaymentStatus.PENDING
    orders.request_mail(
        order=order, kind=OrderMail.Kind.PAYMENT_RECEIVED if paid_later else OrderMail.Kind.CONFIRMATION
    )


def _tell(order: Order, message: str, *, actor: User | None = None) -> None:
    orders.record_event(order=order, kind=OrderEvent.Kind.PAYMENT, message=message.strip(), actor=actor)


def _deadline() -> datetime:
    return timezone.now() + timedelta(seconds=settings.RESERVATION_SECONDS)
