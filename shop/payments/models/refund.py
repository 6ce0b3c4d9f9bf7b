"""Money that goes back to a buyer."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from shop.money import format_money
from shop.payments.models.payment import Payment
from shop.payments.statuses import RefundStatus


class Refund(models.Model):
    """Part of a payment, or all of it, on its way back. Stored before the provider is called. Written by
    ``refunds.py`` only.

    ``amount`` is minor units of the payment's currency. ``idempotency_key`` names the refund to us and to the provider:
    the same key is the same refund. The sums are kept on the payment, where a constraint holds them below ``captured``.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount = models.BigIntegerField()
    status = models.CharField(max_length=20, choices=RefundStatus.choices, default=RefundStatus.REQUESTED)
    reason = models.CharField(max_length=200, blank=True)
    by_rate: Any = models.JSONField(
        null=True, blank=True, help_text="What of it was paid at which tax rate (basis points); nothing: nobody knows."
    )
    idempotency_key = models.UUIDField(unique=True, default=uuid.uuid4)
    reference = models.CharField(max_length=120, blank=True, help_text="The provider's own name for it.")
    failure = models.CharField(max_length=255, blank=True, help_text="Why it did not go through, in words for staff.")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True, help_text="When it went through or failed.")

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(status=RefundStatus.REQUESTED), name="refund_requested")
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_above_zero"),
            models.UniqueConstraint(
                fields=["payment", "reference"], condition=~Q(reference=""), name="refund_reference_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_text} of order {self.payment.order.number}"

    @property
    def amount_text(self) -> str:
        """The amount for a person: ``£24.50``."""
        return format_money(self.amount, self.payment.currency)
