"""A pretend card: for demonstrations and tests. No money moves and no card number is asked for."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core import checks
from django.db import models

from shop.payments.models import Payment, Refund
from shop.payments.providers.base import Outcome, PaymentProvider, RefundOutcome
from shop.payments.statuses import PaymentStatus

DECLINED = "The card was declined. Nothing was taken. Try another card or another way to pay."
REFUSED = "You refused the payment. Nothing was taken."


class TestCard(models.TextChoices):
    """What the pretend bank will say."""

    # The name begins like a test's but it is none.
    __test__ = False

    APPROVES = "approves", "Approves the payment"
    DECLINES = "declines", "Declines the payment"
    CONFIRMS = "confirms", "Asks you to confirm with your bank first"


class TestCardForm(forms.Form):
    """Which pretend card to use."""

    __test__ = False

    card = forms.ChoiceField(
        label="What the card does", choices=TestCard.choices, initial=TestCard.APPROVES, widget=forms.RadioSelect
    )


class DummyProvider(PaymentProvider):
    """Answers from the payment's own row, so it says the same however often it is asked."""

    code = "dummy"
    label = "Test card"
    description = "For trying out the shop: choose what the card will do. No money moves."
    form_class = TestCardForm
    for_testing: ClassVar[bool] = True

    def start(self, *, payment: Payment, data: Mapping[str, Any]) -> Outcome:
        card = data.get("card", TestCard.DECLINES)
        if card == TestCard.APPROVES:
            return Outcome.captured(reference=self._reference(payment))
        if card == TestCard.CONFIRMS:
            return Outcome.needs_confirmation(reference=self._reference(payment))
        return Outcome.declined(message=DECLINED, reference=self._reference(payment))

    def confirm(self, *, payment: Payment, data: Mapping[str, Any]) -> Outcome:
        decision = data.get("decision")
        if decision == "approve":
            return Outcome.captured(reference=self._reference(payment))
        if decision == "refuse":
            return Outcome.declined(message=REFUSED, reference=self._reference(payment))
        return Outcome.needs_confirmation(reference=self._reference(payment))

    def cancel(self, *, payment: Payment) -> Outcome:
        return Outcome.cancelled()

    def fetch(self, *, payment: Payment) -> Outcome:
        status = PaymentStatus(payment.status)
        if status == PaymentStatus.CREATED:
            return Outcome.cancelled()
        return Outcome(status, reference=payment.reference, message=payment.failure)

    def refund(self, *, payment: Payment, refund: Refund) -> RefundOutcome:
        return RefundOutcome.settled(reference=f"test-{refund.idempotency_key.hex[:16]}")

    def check(self) -> list[checks.CheckMessage]:
        if settings.DEBUG or settings.PAYMENT_ALLOW_TEST_PROVIDERS:
            return []
        return [
            checks.Warning(
                "The test card is in PAYMENT_PROVIDERS but is not offered to buyers: with it anybody could order "
                "without paying.",
                hint="Take the dummy provider out of PAYMENT_PROVIDERS, or set PAYMENT_ALLOW_TEST_PROVIDERS=true "
                "where it is meant, as on a demonstration site.",
                id="payments.W001",
            )
        ]

    def is_available(self) -> bool:
        """Refused in production unless somebody has said that it is meant."""
        return bool(settings.DEBUG or settings.PAYMENT_ALLOW_TEST_PROVIDERS)

    def _reference(self, payment: Payment) -> str:
        return f"test-{payment.idempotency_key.hex[:16]}"
