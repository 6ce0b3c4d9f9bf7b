"""The checkout's pages. Whatever happened, the buyer ends on a page that says so, with everything still filled in."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from shop.accounts.models import User
from shop.cart import services as cart_services
from shop.cart.buyer import read_buyer, remember
from shop.cart.contents import Cart
from shop.cart.selectors import cart_items, get_cart
from shop.cart.views import leave_notice, with_count
from shop.checkout import limits, selectors, services
from shop.checkout.forms import CheckoutForm, ProviderChoice, posted_key
from shop.checkout.selectors import Placement
from shop.checkout.state import CheckoutState
from shop.money import format_money
from shop.orders.links import order_path
from shop.orders.models import Order
from shop.payments import selectors as payment_selectors
from shop.payments import services as payments
from shop.payments.models import Payment
from shop.payments.providers.base import ProviderUnavailable
from shop.payments.registry import offered
from shop.payments.services import PaymentClosed
from shop.payments.statuses import PaymentStatus
from shop.promotions import coupons
from shop.promotions.views import enter_code

UNREACHABLE = "The payment service does not answer. Nothing was taken. Please try again in a moment."
TOO_MANY = "You have tried to order very often. Nothing was ordered or taken now. Please try again in {} minutes."
CANCELLED = "The payment was cancelled. Nothing was taken. You can try again."
NOT_SELLABLE = "Something in your cart has changed. Mend the marked lines to check out."


def see_other(url: str) -> HttpResponse:
    """303: the browser fetches the page, and reloading it repeats nothing."""
    return HttpResponse(status=303, headers={"Location": url})


@method_decorator(never_cache, name="dispatch")
class CheckoutView(View):
    """The one page on which a guest becomes a buyer."""

    def get(self, request: HttpRequest) -> HttpResponse:
        state = CheckoutState.peek(request.session)
        if placement := selectors.placement_for(key=state.attempt):
            # The answer to the button never reached the browser: go on from what happened.
            return conclude(request, placement)
        cart = get_cart(request.session)
        if refusal := self._refuse(request, cart):
            return refusal
        error, state.error = state.error, ""
        notice, state.notice = state.notice, ""
        state.store(request.session)
        form = CheckoutForm(
            providers=offered(), delivery=cart.needs_delivery, initial={**state.typed, **_facts(state, cart)}
        )
        return self._page(request, form=form, cart=cart, payment_error=error, coupon_notice=notice)

    def post(self, request: HttpRequest) -> HttpResponse:
        if "apply_coupon" in request.POST or "remove_coupon" in request.POST:
            return self._change_coupons(request)
        key = posted_key(request.POST)
        wanted = request.POST.get("provider", "")
        chosen = next((choice for choice in self._choices(request) if choice.code == wanted), None)
        if key and (placement := selectors.placement_for(key=key)):
            return self._again(request, placement, chosen)
        cart = get_cart(request.session)
        form = CheckoutForm(request.POST, providers=offered(), delivery=cart.needs_delivery)
        if refusal := self._refuse(request, cart):
            return refusal
        if not (form.is_valid() and chosen and chosen.is_valid()):
            return self._page(request, form=self._with_facts(request, form, cart), cart=cart)
        return self._order(request, form=form, chosen=chosen)

    def _change_coupons(self, request: HttpRequest) -> HttpResponse:
        """A coupon beside a form that is half filled in: nothing of that is lost, and nothing is ordered."""
        form = CheckoutForm(request.POST, providers=offered(), delivery=get_cart(request.session).needs_delivery)
        state = CheckoutState.peek(request.session)
        state.typed = form.typed()
        if "apply_coupon" in request.POST:
            state.notice = enter_code(request, request.POST.get("coupon", ""))[1]
        else:
            coupons.remove(session=request.session, typed=request.POST["remove_coupon"])
            state.notice = "The code is removed."
        state.store(request.session)
        return see_other(reverse("checkout:checkout"))

    def _order(self, request: HttpRequest, *, form: CheckoutForm, chosen: ProviderChoice) -> HttpResponse:
        state = CheckoutState.peek(request.session)
        state.typed = form.typed()
        state.store(request.session)
        if minutes := limits.wait(request):
            cart = get_cart(request.session)
            form = self._with_facts(request, form, cart)
            return self._page(request, form=form, cart=cart, payment_error=TOO_MANY.format(minutes), status=429)
        key = form.cleaned_data["attempt"]
        try:
            if state.pending and (paid := self._drop_pending(state.pending)):
                return conclude(request, paid)
            placement = services.place_order(
                key=key,
                items=cart_items(request.session),
                # Offers for a first order, and limits per customer, go by the address.
                buyer=remember(request.session, email=form.cleaned_data["email"]),
                seen=form.cleaned_data["seen"],
                contact=form.contact(),
                provider=chosen.provider,
                provider_data=chosen.data,
                customer=request.user if isinstance(request.user, User) else None,
            )
        except services.CartNotSellable:
            leave_notice(request, NOT_SELLABLE)
            return see_other(reverse("cart:detail"))
        except services.CartChanged as changed:
            return self._ask_again(request, form, changed.cart)
        except ProviderUnavailable:
            state.start_afresh(error=UNREACHABLE, pending=key)
            state.store(request.session)
            return see_other(reverse("checkout:checkout"))
        state.attempt = key
        state.store(request.session)
        return conclude(request, placement)

    def _again(self, request: HttpRequest, placement: Placement, chosen: ProviderChoice | None) -> HttpResponse:
        """The same press of the button once more: the same order, whatever the form says now."""
        if placement.payment.status == PaymentStatus.CREATED and chosen and chosen.is_valid():
            try:
                placement = services.resume(placement=placement, provider_data=chosen.data)
            except ProviderUnavailable:
                state = CheckoutState.peek(request.session)
                state.start_afresh(error=UNREACHABLE, pending=placement.payment.idempotency_key)
                state.store(request.session)
                return see_other(reverse("checkout:checkout"))
        return conclude(request, placement)

    def _drop_pending(self, key: uuid.UUID) -> Placement | None:
        """Give up the payment that this visitor left unfinished; the order if it turns out to stand after all."""
        earlier = services.abandon(key=key)
        return earlier if earlier and _stands(earlier.payment) else None

    def _ask_again(self, request: HttpRequest, form: CheckoutForm, cart: Cart) -> HttpResponse:
        """Prices have moved under the buyer's feet: nothing is ordered until the new total has been seen."""
        before = form.cleaned_data["total_seen"]
        now = format_money(cart.total, cart.currency)
        message = f"Your cart has changed since you last saw it. The total is {now} now"
        if before is not None and abs(before) < 10**15 and before != cart.total:
            message = f"The total has changed from {format_money(before, cart.currency)} to {now}"
        message += ". Please check it, and place the order again if you agree."
        # As the cart's own page shows it: with pictures.
        cart = get_cart(request.session)
        form = self._with_facts(request, form, cart)
        return self._page(request, form=form, cart=cart, payment_error=message, status=409)

    def _refuse(self, request: HttpRequest, cart: Cart) -> HttpResponse | None:
        """Back to the cart with what cannot be checked out."""
        if cart.can_check_out:
            return None
        if not cart.is_empty:
            leave_notice(request, NOT_SELLABLE)
        return see_other(reverse("cart:detail"))

    def _with_facts(self, request: HttpRequest, form: CheckoutForm, cart: Cart) -> CheckoutForm:
        """The form as it was posted, but agreeing to the cart that is shown with it now."""
        state = CheckoutState.peek(request.session)
        key = posted_key(request.POST)
        if key:
            state.attempt = key
        state.store(request.session)
        data = request.POST.copy()
        for name, value in _facts(state, cart).items():
            data[name] = str(value)
        return CheckoutForm(data, providers=offered(), delivery=cart.needs_delivery)

    def _choices(self, request: HttpRequest) -> list[ProviderChoice]:
        data = request.POST if request.method == "POST" else None
        return [ProviderChoice(provider, data) for provider in offered()]

    def _page(
        self,
        request: HttpRequest,
        *,
        form: CheckoutForm,
        cart: Cart,
        payment_error: str = "",
        coupon_notice: str = "",
        status: int = 200,
    ) -> HttpResponse:
        context: dict[str, Any] = {
            "form": form,
            "providers": self._choices(request),
            "cart": cart,
            "attempt": form["attempt"].value(),
            "payment_error": payment_error,
            "coupon_notice": coupon_notice,
        }
        return with_count(render(request, "pages/checkout/checkout.html", context, status=status), cart)


@method_decorator(never_cache, name="dispatch")
class ConfirmView(View):
    """The test bank's page: approve or refuse. Providers of the real world have their own."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        payment = self._payment(token)
        if payment.status != PaymentStatus.NEEDS_CONFIRMATION or payment_selectors.is_expired(payment):
            return self._closed(request, payment)
        return self._page(request, payment)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        payment = self._payment(token)
        try:
            payment = payments.confirm_payment(
                payment_id=payment.pk, data={"decision": request.POST.get("decision", "")}
            )
        except PaymentClosed as closed:
            return self._closed(request, closed.payment)
        except ProviderUnavailable:
            return self._page(request, payment, error=UNREACHABLE)
        if payment.status == PaymentStatus.NEEDS_CONFIRMATION:
            return self._page(request, payment, error="Approve or refuse the payment.")
        return conclude(request, Placement(order=payment.order, payment=payment))

    def _payment(self, token: str) -> Payment:
        try:
            return payment_selectors.payment_by_token(token=token)
        except Payment.DoesNotExist:
            raise Http404("No such payment.") from None

    def _closed(self, request: HttpRequest, payment: Payment) -> HttpResponse:
        """Too late, or answered already."""
        if payment.status == PaymentStatus.NEEDS_CONFIRMATION:
            try:
                payment = payments.give_up(payment_id=payment.pk, note="The confirmation took too long.")
            except ProviderUnavailable:
                return self._page(request, payment, error=UNREACHABLE)
        return conclude(request, Placement(order=payment.order, payment=payment))

    def _page(self, request: HttpRequest, payment: Payment, error: str = "") -> HttpResponse:
        context = {"payment": payment, "order": payment.order, "payment_error": error}
        return render(request, "pages/checkout/confirm.html", context)


def conclude(request: HttpRequest, placement: Placement) -> HttpResponse:
    """Send the buyer to where the payment stands: the order's page, the bank's, or back to the checkout."""
    order, payment = placement.order, placement.payment
    state = CheckoutState.peek(request.session)
    ours = state.knows(payment.idempotency_key)
    if _stands(payment):
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


def _forget_buyer(request: HttpRequest, order: Order) -> None:
    """The address was for this order, and the codes that it has used are not for the next one."""
    used = set(order.discounts.values_list("coupon", flat=True))
    codes = read_buyer(request.session).codes
    remember(request.session, email="", codes=tuple(code for code in codes if code not in used))


def _stands(payment: Payment) -> bool:
    """Whether the order that this payment is for holds: it is paid, or will be."""
    return payment.status in (PaymentStatus.CAPTURED, PaymentStatus.PENDING)


def _facts(state: CheckoutState, cart: Cart) -> dict[str, Any]:
    return {"attempt": state.attempt, "seen": cart.fingerprint, "total_seen": cart.total}
