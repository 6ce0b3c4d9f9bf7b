"""Cards through Stripe: a PaymentIntent per payment, confirmed by the buyer in Stripe's Payment Element.

Card data goes from the browser to Stripe. We keep the intent's name, ask Stripe what became of it, and believe only
that and events that carry Stripe's signature; what the browser brings back is never read.
"""

import json
import logging
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

import stripe
from django.conf import settings
from django.core import checks
from django.core.signals import setting_changed

from shop.payments.models import Payment, Refund
from shop.payments.providers import stripe_amounts, stripe_events
from shop.payments.providers.base import (
    Confirmation,
    Event,
    EventRefused,
    Outcome,
    PaymentProvider,
    ProviderUnavailable,
    RefundOutcome,
)
from shop.payments.providers.stripe_checks import check_settings
from shop.payments.statuses import PaymentStatus

logger = logging.getLogger(__name__)
T = TypeVar("T")

RETRIES = 1
REFUSED = "The card payment could not be started. Nothing was taken. Please choose another way to pay."
CAPTURE_REFUSED = "The bank took its promise back. Nothing was taken. Please try again."


@lru_cache(maxsize=1)
def client() -> stripe.StripeClient:
    """Stripe's library with our time limit. It repeats a call that failed, under the same idempotency key."""
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        base_addresses={"api": settings.STRIPE_API_BASE},
        http_client=stripe.RequestsClient(timeout=settings.STRIPE_TIMEOUT),
        max_network_retries=RETRIES,
    )


def ask(call: Callable[[], T]) -> T:
    """Make a call. Whatever leaves it open what happened becomes ProviderUnavailable; refusals pass through."""
    try:
        return call()
    except (stripe.InvalidRequestError, stripe.CardError):
        raise
    except stripe.StripeError as error:
        # The library's message may repeat what was sent; the kind of error says enough.
        logger.warning("Stripe did not answer", extra={"error": type(error).__name__, "code": error.code})
        raise ProviderUnavailable(f"Stripe does not answer ({type(error).__name__}).") from error


class StripeProvider(PaymentProvider):
    """Every call names the payment's own key, so that Stripe does it once however often it is made."""

    code = "stripe"
    label = "Card"
    description = "Pay by credit or debit card. You enter it on the next page."

    def start(self, *, payment: Payment, data: Mapping[str, Any]) -> Outcome:
        try:
            return stripe_events.outcome_of(self._intent(payment))
        except (stripe.InvalidRequestError, stripe_amounts.NotChargeable) as error:
            logger.error("Stripe refused a payment", extra={"payment": payment.pk, "error": str(error)[:200]})
            return Outcome.declined(message=REFUSED)

    def confirm(self, *, payment: Payment, data: Mapping[str, Any]) -> Outcome:
        return self.fetch(payment=payment)

    def capture(self, *, payment: Payment) -> Outcome:
        intents = client().v1.payment_intents
        options: Any = {"idempotency_key": f"{payment.idempotency_key}-capture"}
        try:
            intent = ask(lambda: intents.capture(payment.reference, options=options))
        except stripe.CardError:
            return Outcome.declined(message=CAPTURE_REFUSED)
        except stripe.InvalidRequestError:
            # Captured before, or void: see what it is now.
            return self.fetch(payment=payment)
        return stripe_events.outcome_of(intent)

    def cancel(self, *, payment: Payment) -> Outcome:
        try:
            intent = self._intent(payment)
        except (stripe.InvalidRequestError, stripe_amounts.NotChargeable):
            return Outcome.cancelled()
        outcome = stripe_events.outcome_of(intent)
        if outcome.status in (PaymentStatus.CANCELLED, PaymentStatus.CAPTURED):
            return outcome
        options: Any = {"idempotency_key": f"{payment.idempotency_key}-cancel"}
        try:
            intent = ask(lambda: client().v1.payment_intents.cancel(intent.id, options=options))
        except stripe.InvalidRequestError:
            intent = self._intent(payment, reference=intent.id)
        outcome = stripe_events.outcome_of(intent)
        if outcome.status not in (PaymentStatus.CANCELLED, PaymentStatus.CAPTURED):
            raise ProviderUnavailable("Stripe is working on the payment just now.")
        return outcome

    def fetch(self, *, payment: Payment) -> Outcome:
        try:
            return stripe_events.outcome_of(self._intent(payment))
        except (stripe.InvalidRequestError, stripe_amounts.NotChargeable):
            return Outcome.cancelled()

    def refund(self, *, payment: Payment, refund: Refund) -> RefundOutcome:
        refunds = client().v1.refunds
        try:
            if refund.reference:
                # Stripe forgets idempotency keys after a day; its own name for the refund lasts.
                return stripe_events.refund_outcome_of(ask(lambda: refunds.retrieve(refund.reference)))
            params: Any = {
                "payment_intent": payment.reference,
                "amount": stripe_amounts.to_stripe(refund.amount, payment.currency),
                "metadata": {"refund": str(refund.idempotency_key), "order": payment.order.number},
            }
            options: Any = {"idempotency_key": str(refund.idempotency_key)}
            return stripe_events.refund_outcome_of(ask(lambda: refunds.create(params, options)))
        except (stripe.InvalidRequestError, stripe.CardError, stripe_amounts.NotChargeable) as error:
            return RefundOutcome.failed(message=f"Stripe refused it: {getattr(error, 'user_message', None) or error}")

    def parse_event(self, *, body: bytes, headers: Mapping[str, str]) -> Event:
        self._verify(body, headers.get("Stripe-Signature", ""))
        try:
            message = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise EventRefused("The message is not JSON.") from error
        return stripe_events.event_of(message)

    def confirmation(self, *, payment: Payment) -> Confirmation:
        try:
            intent = self._intent(payment)
        except stripe.InvalidRequestError as error:
            raise ProviderUnavailable("Stripe does not know the payment.") from error
        script = urlsplit(settings.STRIPE_JS_URL)
        origin = f"{script.scheme}://{script.netloc}"
        return Confirmation(
            template="pages/checkout/confirm_stripe.html",
            context={
                "client_secret": intent.client_secret,
                "publishable_key": settings.STRIPE_PUBLISHABLE_KEY,
                "script_url": settings.STRIPE_JS_URL,
            },
            sources={
                "script-src": (origin,),
                "connect-src": (settings.STRIPE_API_BASE, origin),
                "frame-src": (origin, "https://hooks.stripe.com"),
            },
            decided=stripe_events.outcome_of(intent).status != PaymentStatus.NEEDS_CONFIRMATION,
        )

    def check(self) -> list[checks.CheckMessage]:
        return check_settings()

    def _intent(self, payment: Payment, *, reference: str = "") -> stripe.PaymentIntent:
        """The payment's intent; one that we know no name of is made, or, where it was made before, found by our key."""
        intents = client().v1.payment_intents
        if reference or payment.reference:
            return ask(lambda: intents.retrieve(reference or payment.reference))
        params: Any = {
            "amount": stripe_amounts.to_stripe(payment.amount, payment.currency),
            "currency": payment.currency.lower(),
            # Cards and the wallets that hold them: an answer within the minutes for which stock is held.
            "payment_method_types": ["card"],
            "capture_method": settings.STRIPE_CAPTURE,
            "description": f"Order {payment.order.number}",
            "metadata": {"payment": str(payment.idempotency_key), "order": payment.order.number},
        }
        options: Any = {"idempotency_key": str(payment.idempotency_key)}
        intent = ask(lambda: intents.create(params, options))
        # A repeated call is answered as the first one was, whatever has happened since.
        replayed = intent.last_response and intent.last_response.headers.get("Idempotent-Replayed") == "true"
        return ask(lambda: intents.retrieve(intent.id)) if replayed else intent

    def _verify(self, body: bytes, header: str) -> None:
        """Any one of the secrets will do: there are two while they are changed. Raises EventRefused."""
        for secret in settings.STRIPE_WEBHOOK_SECRETS:
            try:
                stripe.WebhookSignature.verify_header(body, header, secret, stripe.Webhook.DEFAULT_TOLERANCE)
            except (stripe.SignatureVerificationError, UnicodeDecodeError, ValueError):
                continue
            return
        raise EventRefused("It is not signed with any of STRIPE_WEBHOOK_SECRETS.")


def _forget(*, setting: str, **kwargs: Any) -> None:
    if setting.startswith("STRIPE_"):
        client.cache_clear()


setting_changed.connect(_forget, dispatch_uid="shop.payments.providers.stripe")
