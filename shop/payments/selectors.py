"""Reading payments."""

from django.db.models import QuerySet
from django.utils import timezone

from shop.orders.models import Order
from shop.orders.payment_source import PaymentView
from shop.payments.models import Payment
from shop.payments.registry import UnknownProvider, provider_for
from shop.payments.statuses import OPEN, PaymentStatus


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


def refunds_due() -> QuerySet[Payment]:
    """Payments whose money has to go back."""
    return Payment.objects.filter(status=PaymentStatus.REFUND_DUE).select_related("order").order_by("pk")


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
    )
