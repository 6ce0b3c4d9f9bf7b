"""Where a buyer goes from the state that the payment is in."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from shop.cart import services as cart_services
from shop.cart.buyer import read_buyer, remember
from shop.cart.selectors import get_cart
from shop.cart.views import with_count
from shop.checkout.selectors import Placement
from shop.checkout.state import CheckoutState
from shop.orders.links import order_path
from shop.orders.models import Order
from shop.payments.models import Payment
from shop.payments.statuses import PaymentStatus

UNREACHABLE = "The payment service does not answer. Nothing was taken. Please try again in a moment."
CANCELLED = "The payment was cancelled. Nothing was taken. You can try again."


def see_other(url: str) -> HttpResponse:
    """303: the browser fetches the page, and reloading it repeats nothing."""
    return HttpResponse(status=303, headers={"Location": url})


def conclude(request: HttpRequest, placement: Placement) -> HttpResponse:
    """Send the buyer to where the payment stands: the order's page, the bank's, or back to the checkout."""
    order, payment = placement.order, placement.payment
    state = CheckoutState.peek(request.session)
    ours = state.knows(payment.idempotency_key)
    if stands(payment):
        if ours:
            cart_services.take_out(session=request.session, quantities=order.quantities)
            _forget_buyer(request, order)
            CheckoutState().store(request.session)
        return with_count(see_other(order_path(order=order)), get_cart(request.session))
    if payment.status in (PaymentStatus.NEEDS_CONFIRMATION, PaymentStatus.CREATED):
        if ours:
            state.start_afresh(pending=payment.idempotency_key)
            state.store(request.session)
        if payment.status == PaymentStatus.CREATED:
            return see_other(reverse("checkout:checkout"))
        return see_other(payment.confirmation_url or reverse("checkout:confirm", args=[payment.token]))
    if ours:
        state.start_afresh()
    state.error = payment.failure or CANCELLED
    state.store(request.session)
    return see_other(reverse("checkout:checkout"))


def stands(payment: Payment) -> bool:
    """Whether the order that this payment is for holds: it is paid, or will be."""
    return payment.status in (PaymentStatus.CAPTURED, PaymentStatus.AUTHORISED, PaymentStatus.PENDING)


def _forget_buyer(request: HttpRequest, order: Order) -> None:
    """The address was for this order, and the codes that it has used are not for the next one."""
    used = set(order.discounts.values_list("coupon", flat=True))
    codes = read_buyer(request.session).codes
    remember(request.session, email="", postcode="", codes=tuple(code for code in codes if code not in used))
