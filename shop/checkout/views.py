"""The checkout's pages. Whatever happened, the buyer ends on a page that says so, with everything still filled in."""

import uuid
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from cms.limits import origin
from shop.accounts.addresses import checkout_facts
from shop.accounts.models import User
from shop.cart.buyer import remember
from shop.cart.contents import Cart
from shop.cart.selectors import cart_items, get_cart
from shop.cart.views import leave_notice, with_count
from shop.checkout import limits, selectors, services
from shop.checkout.conclusion import UNREACHABLE, conclude, see_other, stands
from shop.checkout.facts import form_for, take_in
from shop.checkout.forms import CheckoutForm, ProviderChoice, posted_key, typed
from shop.checkout.selectors import Placement
from shop.checkout.state import CheckoutState
from shop.checkout.ways import as_paid
from shop.money import format_money
from shop.payments.providers.base import ProviderUnavailable
from shop.payments.registry import offered
from shop.payments.statuses import PaymentStatus
from shop.promotions import coupons
from shop.promotions.views import enter_code
from shop.shipping.selectors import served_countries

TOO_MANY = "You have tried to order very often. Nothing was ordered or taken now. Please try again in {} minutes."
CODE_TYPED_LENGTH = 60
NOT_SELLABLE = "Something in your cart has changed. Mend the marked lines to check out."


@method_decorator(never_cache, name="dispatch")
class CheckoutView(View):
    """The one page on which a guest becomes a buyer."""

    def get(self, request: HttpRequest) -> HttpResponse:
        state = CheckoutState.peek(request.session)
        if placement := selectors.placement_for(key=state.attempt):
            # The answer to the button never reached the browser: go on from what happened.
            return conclude(request, placement)
        served = take_in(request.session, {})
        cart = get_cart(request.session)
        if refusal := self._refuse(request, cart):
            return refusal
        error, state.error = state.error, ""
        notice, state.notice = state.notice, ""
        coupon, state.coupon = state.coupon, ""
        state.store(request.session)
        form = form_for(cart, served, initial={**state.typed, **_facts(state, cart)})
        return self._page(request, form=form, cart=cart, payment_error=error, coupon_notice=notice, coupon=coupon)

    def post(self, request: HttpRequest) -> HttpResponse:
        if "apply_coupon" in request.POST or "remove_coupon" in request.POST:
            return self._change_coupons(request)
        key = posted_key(request.POST)
        wanted = request.POST.get("provider", "")
        chosen = next((choice for choice in self._choices(request) if choice.code == wanted), None)
        if key and (placement := selectors.placement_for(key=key)):
            return self._again(request, placement, chosen)
        served = take_in(request.session, request.POST)
        if "update" in request.POST:
            return self._update(request)
        if request.POST.get("coupon", "").strip():
            # Typed and never applied: nobody pays the full price for having missed a small button.
            return self._change_coupons(request)
        cart = get_cart(request.session)
        form = form_for(cart, served, request.POST)
        if refusal := self._refuse(request, cart):
            return refusal
        if not (form.is_valid() and chosen and chosen.is_valid()):
            return self._page(request, form=self._with_facts(request, form, cart), cart=cart)
        return self._order(request, form=form, chosen=chosen)

    def _update(self, request: HttpRequest) -> HttpResponse:
        """Another country, way of delivery or tax number: the same page again, with what follows from it."""
        state = CheckoutState.peek(request.session)
        state.typed |= typed(request.POST)
        state.coupon = _unapplied(request)
        state.store(request.session)
        return see_other(reverse("checkout:checkout"))

    def _change_coupons(self, request: HttpRequest) -> HttpResponse:
        """A coupon beside a form that is half filled in: nothing of that is lost, and nothing is ordered."""
        take_in(request.session, request.POST)
        state = CheckoutState.peek(request.session)
        state.typed |= typed(request.POST)
        if "remove_coupon" not in request.POST:
            state.notice = enter_code(request, request.POST.get("coupon", ""))[1]
        else:
            coupons.remove(session=request.session, typed=request.POST["remove_coupon"])
            state.notice = "The code is removed."
            state.coupon = _unapplied(request)
        state.store(request.session)
        return see_other(reverse("checkout:checkout"))

    def _order(self, request: HttpRequest, *, form: CheckoutForm, chosen: ProviderChoice) -> HttpResponse:
        state = CheckoutState.peek(request.session)
        state.typed |= typed(request.POST)
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
                buyer=replace(remember(request.session, email=form.cleaned_data["email"]), origin=origin(request)),
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
        return earlier if earlier and stands(earlier.payment) else None

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
        return form_for(cart, served_countries(), data)

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
        coupon: str = "",
        status: int = 200,
    ) -> HttpResponse:
        # What the account knows, where nothing has been typed yet.
        form.initial = {**checkout_facts(user=request.user, country=form.chosen_country), **form.initial}
        context: dict[str, Any] = {
            "form": form,
            "options": as_paid(form.options, cart),
            "providers": self._choices(request),
            "cart": cart,
            "attempt": form["attempt"].value(),
            "payment_error": payment_error,
            "coupon_notice": coupon_notice,
            "coupon": coupon,
        }
        return with_count(render(request, "pages/checkout/checkout.html", context, status=status), cart)


def _unapplied(request: HttpRequest) -> str:
    """A code that stands in its field while something else is changed: it is still there afterwards."""
    return str(request.POST.get("coupon", "")).strip()[:CODE_TYPED_LENGTH]


def _facts(state: CheckoutState, cart: Cart) -> dict[str, Any]:
    return {"attempt": state.attempt, "seen": cart.fingerprint, "total_seen": cart.total}
