"""A payment: one attempt to be paid for an order."""

import secrets
import uuid

from django.db import models
from django.db.models import F, Q

from shop.money import format_money
from shop.orders.models import Order
from shop.payments.statuses import OPEN, DisputeStatus, PaymentStatus

TOKEN_BYTES = 24


def new_token() -> str:
    """An unguessable name for a payment in an address: 192 random bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


class Payment(models.Model):
    """One attempt to be paid for an order. Stored before the provider is called. Written by ``services.py`` only.

    Amounts are minor units; ``captured`` is what the provider says it has taken, ``shortfall`` what it has not although
    it is done, ``refunded`` what has gone back, ``refunding`` what was promised to go back and has not yet: the sums of
    its settled and of its requested refunds.
    ``idempotency_key`` goes to the provider with every call, so that a repeated call takes effect once.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    provider = models.CharField(max_length=30)
    status = models.CharField(max_length=20, choices=PaymentStatus.choices, default=PaymentStatus.CREATED)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    captured = models.BigIntegerField(default=0)
    shortfall = models.BigIntegerField(default=0, db_default=0)
    refunded = models.BigIntegerField(default=0)
    refunding = models.BigIntegerField(default=0)
    idempotency_key = models.UUIDField(unique=True, default=uuid.uuid4)
    # Names the payment in the address of its confirmation page.
    token = models.CharField(max_length=64, unique=True, default=new_token)
    reference = models.CharField(max_length=120, blank=True, help_text="The provider's own name for it.")
    failure = models.CharField(max_length=255, blank=True, help_text="Why it failed, in words for the buyer.")
    # Where the buyer confirms, if that is not a page of ours.
    confirmation_url = models.URLField(max_length=500, blank=True)
    # Small facts that the provider wants to find again; never card data.
    data = models.JSONField(default=dict)
    # A complaint of the buyer at the bank, and why, in the provider's words.
    dispute = models.CharField(max_length=20, choices=DisputeStatus.choices, blank=True)
    dispute_reason = models.CharField(max_length=60, blank=True)
    # When the provider was last asked what became of it, without a buyer waiting for the answer.
    asked_at = models.DateTimeField(null=True)
    # After this moment nobody waits for the buyer any more; null: for as long as it takes.
    expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["expires_at"],
                condition=Q(status__in=sorted(OPEN)),
                name="payment_expiring",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    amount__gte=0,
                    refunded__gte=0,
                    refunding__gte=0,
                    captured__gte=F("refunded") + F("refunding"),
                    shortfall__gte=0,
                    captured__lte=F("amount") - F("shortfall"),
                ),
                name="payment_amounts_in_order",
            ),
            models.UniqueConstraint(
                fields=["provider", "reference"], condition=~Q(reference=""), name="payment_reference_unique"
            ),
            # An order waits for one payment at a time.
            models.UniqueConstraint(
                fields=["order"], condition=Q(status__in=sorted(OPEN)), name="payment_one_open_per_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_text} by {self.provider} for order {self.order.number}"

    @property
    def amount_text(self) -> str:
        """The amount for a person: ``£24.50``."""
        return format_money(self.amount, self.currency)

    @property
    def refunded_text(self) -> str:
        """What has gone back, for a person; empty where nothing has."""
        return format_money(self.refunded, self.currency) if self.refunded else ""

    @property
    def refundable(self) -> int:
        """What could still be promised to go back, in minor units."""
        return self.captured - self.refunded - self.refunding
