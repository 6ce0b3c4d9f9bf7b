"""What staff can do to an order's money, registered with the orders' actions."""

from django.db import transaction

from shop.accounts.models import User
from shop.money import format_money
from shop.orders import services as orders
from shop.orders.actions import ActionRefused, OrderAction, registry
from shop.orders.models import Order
from shop.payments import services
from shop.payments.models import Payment
from shop.payments.providers.base import ProviderUnavailable
from shop.payments.refund_form import RefundForm
from shop.payments.selectors import (
    failed_refunds,
    is_by_hand,
    latest_payment,
    refundable_payment,
    refunds_by_hand,
)
from shop.payments.services import PaymentClosed, RefundRefused
from shop.payments.statuses import PaymentStatus


def _by_hand(order: Order, status: PaymentStatus) -> Payment | None:
    """The order's payment if it is in this state and staff record it themselves."""
    payment = latest_payment(order)
    if payment is None or payment.status != status:
        return None
    return payment if is_by_hand(payment) else None


def _record_money(order: Order, actor: User, note: str) -> str:
    payment = _by_hand(order, PaymentStatus.PENDING)
    if payment is None:
        raise ActionRefused("No payment is waited for.")
    try:
        services.record_money(payment_id=payment.pk, actor=actor, note=note)
    except PaymentClosed as closed:
        raise ActionRefused(f"The payment is “{closed.payment.get_status_display()}” already.") from closed
    return f"{payment.amount_text} recorded: order {order.number} is paid."


def _record_refund(order: Order, actor: User, note: str) -> str:
    """All that somebody has to send by hand: of a payment that came by hand, or what the company could not refund."""
    sent = refunds_by_hand(order)
    try:
        with transaction.atomic():
            sent += [services.repeat_refund(refund_id=refund.pk, actor=actor) for refund in failed_refunds(order)]
            for refund in sent:
                services.record_refund(refund_id=refund.pk, actor=actor, note=note)
    except RefundRefused as refused:
        raise ActionRefused(str(refused)) from refused
    total = sum(refund.amount for refund in sent)
    return f"{format_money(total, order.currency)} recorded as refunded."


def _repeat_refund(order: Order, actor: User, note: str) -> str:
    try:
        again = [services.repeat_refund(refund_id=refund.pk, actor=actor) for refund in failed_refunds(order)]
    except RefundRefused as refused:
        raise ActionRefused(str(refused)) from refused
    return f"{format_money(sum(refund.amount for refund in again), order.currency)} will be refunded again."


def _cancel(order: Order, actor: User, note: str) -> str:
    try:
        services.cancel_order(order_id=order.pk, actor=actor, note=note)
    except ProviderUnavailable as error:
        raise ActionRefused(f"The payment could not be cancelled, so the order stands: {error}") from error
    return f"Order {order.number} is cancelled and its stock is back."


def register_actions() -> None:
    """Called once, when the app is ready."""
    registry.register(
        OrderAction(
            code="record_money",
            label="Record the payment",
            explanation="You have seen the whole amount in the account.",
            permission="settle",
            is_possible=lambda order: _by_hand(order, PaymentStatus.PENDING) is not None,
            run=_record_money,
            rank=5,
        )
    )
    registry.register(
        OrderAction(
            code="record_refund",
            label="Record the refund",
            explanation="You have sent the money back.",
            permission="refund",
            is_possible=lambda order: bool(refunds_by_hand(order) or failed_refunds(order)),
            run=_record_refund,
            rank=6,
        )
    )
    registry.register(
        OrderAction(
            code="repeat_refund",
            label="Try the refund again",
            explanation="The payment company could not send the money back. It is asked once more.",
            permission="refund",
            is_possible=lambda order: bool(failed_refunds(order)),
            run=_repeat_refund,
            rank=7,
        )
    )
    registry.register(
        OrderAction(
            code="refund",
            label="Give money back",
            explanation="All that is left of the payment or a part of it goes back the way it came.",
            permission="refund",
            is_possible=lambda order: refundable_payment(order) is not None and order.paid_at is not None,
            form=RefundForm,
            rank=50,
        )
    )
    registry.register(
        OrderAction(
            code="cancel",
            label="Cancel the order",
            explanation="The stock goes back; money that was taken is refunded.",
            permission="cancel",
            is_possible=orders.can_cancel,
            run=_cancel,
            rank=70,
        )
    )
