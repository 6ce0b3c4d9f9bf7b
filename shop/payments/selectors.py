"""Reading payments."""

import uuid
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from shop.orders.models import Order
from shop.orders.payment_source import PaymentView, RefundView
from shop.payments.models import Payment, Refund
from shop.payments.registry import UnknownProvider, provider_for
from shop.payments.statuses import OPEN, PaymentStatus, RefundStatus


def payment_by_token(*, token: str) -> Payment:
    """The payment that a confirmation address names. Raises Payment.DoesNotExist."""
    return Payment.objects.select_related("order").get(token=token)


def is_expired(payment: Payment) -> bool:
    """Whether the time for the buyer's confirmation is over."""
    return payment.expires_at is not None and payment.expires_at <= timezone.now()


def overdue() -> QuerySet[Payment]:
    """Payments that the buyer should have finished by now."""
    return (
        Payment.objects.filter(status__in=OPEN, expires_at__lte=timezone.now()).select_related("order").order_by("pk")
    )


def to_ask_about(*, pause: timedelta, longest: timedelta) -> list[Payment]:
    """Payments that are not final, and about which nobody has asked for a ``pause``.

    Where the money may come days later (PENDING) it is a tenth of the payment's age, at most ``longest``. Payments that
    staff record are not asked about: only they know.
    """
    now = timezone.now()

    def rest(payment: Payment) -> timedelta:
        if payment.status != PaymentStatus.PENDING:
            return pause
        return min(max((now - payment.created_at) / 10, pause), longest)

    waiting = Payment.objects.filter(status__in=OPEN, created_at__lte=now - pause).select_related("order")
    return [
        payment
        for payment in waiting.order_by("pk")
        if not is_by_hand(payment) and now - (payment.asked_at or payment.created_at) >= rest(payment)
    ]


def refunds_requested() -> QuerySet[Refund]:
    """Refunds that have not gone through yet."""
    return Refund.objects.filter(status=RefundStatus.REQUESTED).select_related("payment__order").order_by("pk")


def refunds_of(order: Order) -> QuerySet[Refund]:
    """An order's refunds, the first one first."""
    return Refund.objects.filter(payment__order=order).select_related("payment", "actor").order_by("pk")


def refund_by_key(key: uuid.UUID) -> Refund | None:
    """The refund that a form has asked for before."""
    return Refund.objects.select_related("payment").filter(idempotency_key=key).first()


def refunds_by_hand(order: Order) -> list[Refund]:
    """What of an order's money staff have to send back themselves."""
    waiting = refunds_of(order).filter(status=RefundStatus.REQUESTED)
    return [refund for refund in waiting if is_by_hand(refund.payment)]


def failed_refunds(order: Order) -> list[Refund]:
    """An order's refunds that did not go through, as far as the money is still to be refunded."""
    found = refunds_of(order).filter(status=RefundStatus.FAILED)
    repeated = Refund.objects.filter(idempotency_key__in=[refunds_again_key(refund) for refund in found]).values_list(
        "idempotency_key", flat=True
    )
    again = set(repeated)
    return [
        refund
        for refund in found
        if refunds_again_key(refund) not in again and refund.amount <= refund.payment.refundable
    ]


def refunds_again_key(refund: Refund) -> uuid.UUID:
    """The key of the refund that repeats a failed one: it can be repeated once (and that one again)."""
    return uuid.uuid5(refund.idempotency_key, "again")


def provider_label(code: str) -> str:
    """What a provider calls itself; of one that is gone only the code is known."""
    try:
        return provider_for(code).label
    except UnknownProvider:
        return code


def is_by_hand(payment: Payment) -> bool:
    """Whether staff see to the payment's money themselves."""
    try:
        return provider_for(payment.provider).recorded_by_staff
    except UnknownProvider:
        return False


def refundable_payment(order: Order) -> Payment | None:
    """The payment that a refund to the buyer would come from."""
    return next((payment for payment in order.payments.order_by("-pk") if payment.refundable), None)


def latest_payment(order: Order) -> Payment | None:
    """The payment that counts for an order."""
    return order.payments.order_by("-pk").first()


def payment_view(order: Order) -> PaymentView | None:
    """What the orders room shows of a payment (registered as its payment source)."""
    payment = latest_payment(order)
    if payment is None:
        return None
    payment.order = order
    try:
        instructions = provider_for(payment.provider).instructions(payment=payment)
    except UnknownProvider:
        instructions = None
    return PaymentView(
        provider=payment.provider,
        label=order.payment_label,
        status=payment.status,
        status_label=PaymentStatus(payment.status).label,
        amount=payment.amount,
        captured=payment.captured,
        refunded=payment.refunded,
        currency=payment.currency,
        reference=payment.reference,
        failure=payment.failure,
        updated_at=payment.updated_at,
        instructions=instructions,
        refundable=payment.refundable,
        dispute=", ".join(filter(None, [payment.get_dispute_display(), payment.dispute_reason])),
        refunds=tuple(
            RefundView(
                key=str(refund.pk),
                settled=refund.status == RefundStatus.SETTLED,
                amount=refund.amount,
                status=refund.status,
                status_label=refund.get_status_display(),
                reason=refund.reason,
                reference=refund.reference,
                failure=refund.failure,
                created_at=refund.created_at,
            )
            for refund in refunds_of(order)
        ),
    )
