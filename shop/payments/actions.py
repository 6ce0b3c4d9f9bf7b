"""What staff can do to an order's money, registered with the orders' actions."""

from shop.accounts.models import User
from shop.orders.actions import ActionRefused, OrderAction, registry
from shop.orders.models import Order
from shop.orders.statuses import CANCEL
from shop.payments import services
from shop.payments.models import Payment
from shop.payments.providers.base import ProviderUnavailable
from shop.payments.registry import UnknownProvider, provider_for
from shop.payments.selectors import latest_payment
from shop.payments.services import PaymentClosed
from shop.payments.statuses import PaymentStatus


def _by_hand(order: Order, status: PaymentStatus) -> Payment | None:
    """The order's payment if it is in this state and staff record it themselves."""
    payment = latest_payment(order)
    if payment is None or payment.status != status:
        return None
    try:
        return payment if provider_for(payment.provider).recorded_by_staff else None
    except UnknownProvider:
        return None


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
    payment = _by_hand(order, PaymentStatus.REFUND_DUE)
    if payment is None:
        raise ActionRefused("Nothing has to be refunded.")
    try:
        services.record_refund(payment_id=payment.pk, actor=actor, note=note)
    except PaymentClosed as closed:
        raise ActionRefused(f"The payment is “{closed.payment.get_status_display()}” already.") from closed
    return f"{payment.amount_text} recorded as refunded."


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
            is_possible=lambda order: _by_hand(order, PaymentStatus.REFUND_DUE) is not None,
            run=_record_refund,
            rank=6,
        )
    )
    registry.register(
        OrderAction(
            code="cancel",
            label="Cancel the order",
            explanation="The stock goes back; money that was taken is refunded.",
            is_possible=lambda order: order.status in CANCEL.sources,
            run=_cancel,
            rank=70,
        )
    )
