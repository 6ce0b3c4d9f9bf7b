"""Where the buyer confirms a payment, comes back to from the bank, or gives it up."""

from collections.abc import Mapping

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from shop.checkout.conclusion import UNREACHABLE, conclude, see_other
from shop.checkout.selectors import Placement
from shop.payments import selectors as payment_selectors
from shop.payments import services as payments
from shop.payments.models import Payment
from shop.payments.providers.base import ProviderUnavailable
from shop.payments.registry import provider_for
from shop.payments.services import PaymentClosed
from shop.payments.statuses import PaymentStatus

AGAIN = "The payment did not go through. Nothing was taken. Try again, or use another card."
UNKNOWN = (
    "The payment company does not answer, so we do not know yet whether you have paid. Look again in a moment. If you "
    "have paid, your order goes ahead by itself, and we write to you."
)


@method_decorator(never_cache, name="dispatch")
class ConfirmView(View):
    """Where the buyer confirms on a page of ours: the provider's own, or the test bank's (approve or refuse)."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        payment = named(token)
        if payment.status != PaymentStatus.NEEDS_CONFIRMATION or payment_selectors.is_expired(payment):
            return self._closed(request, payment)
        return self._page(request, payment)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        payment = named(token)
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
        try:
            own = provider_for(payment.provider).confirmation(payment=payment)
        except ProviderUnavailable:
            context["payment_error"] = UNKNOWN
            return render(request, "pages/checkout/confirm_later.html", context)
        if own is None:
            return render(request, "pages/checkout/confirm.html", context)
        back = reverse("checkout:return", args=[payment.token])
        if own.decided:
            return see_other(back)
        if "again" in request.GET and not error:
            context["payment_error"] = AGAIN
        response = render(request, own.template, {**context, **own.context, "return_url": back})
        response.headers["Content-Security-Policy"] = extended_policy(own.sources)
        return response


@method_decorator(never_cache, name="dispatch")
class ReturnView(View):
    """Where the payment company sends the buyer back to. Nothing that the address says is believed: we ask."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        payment = named(token)
        try:
            payment = payments.confirm_payment(payment_id=payment.pk, data={})
        except PaymentClosed as closed:
            payment = closed.payment
        except ProviderUnavailable:
            context = {"payment": payment, "order": payment.order, "payment_error": UNKNOWN, "asked": True}
            return render(request, "pages/checkout/confirm_later.html", context)
        if payment.status == PaymentStatus.NEEDS_CONFIRMATION:
            return see_other(reverse("checkout:confirm", args=[payment.token]) + "?again")
        return conclude(request, Placement(order=payment.order, payment=payment))


@method_decorator(never_cache, name="dispatch")
class AbandonView(View):
    """The buyer would rather pay in another way: the payment is cancelled, and the cart is still there."""

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        payment = named(token)
        try:
            payment = payments.give_up(payment_id=payment.pk, note="The buyer chose another way to pay.")
        except ProviderUnavailable:
            context = {"payment": payment, "order": payment.order, "payment_error": UNKNOWN}
            return render(request, "pages/checkout/confirm_later.html", context)
        return conclude(request, Placement(order=payment.order, payment=payment))


def named(token: str) -> Payment:
    """The payment that an address names. Raises Http404."""
    try:
        return payment_selectors.payment_by_token(token=token)
    except Payment.DoesNotExist:
        raise Http404("No such payment.") from None


def extended_policy(sources: Mapping[str, tuple[str, ...]]) -> str:
    """The site's content security policy with more sources, for the one page that needs them."""
    directives = dict(part.split(" ", 1) for part in settings.CONTENT_SECURITY_POLICY.split("; "))
    for name, added in sources.items():
        known = directives.get(name, directives["default-src"]).split()
        directives[name] = " ".join(dict.fromkeys([*known, *added]))
    return "; ".join(f"{name} {values}" for name, values in directives.items())
