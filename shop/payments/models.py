"""Payments, and what a bank transfer needs to know."""

import secrets
import uuid

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from shop.money import format_money
from shop.orders.models import Order
from shop.payments.statuses import OPEN, PaymentStatus

TOKEN_BYTES = 24


def new_token() -> str:
    """An unguessable name for a payment in an address: 192 random bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


class Payment(models.Model):
    """One attempt to be paid for an order. Stored before the provider is called. Written by ``services.py`` only.

    Amounts are minor units; ``captured`` is what the provider says it has taken, ``refunded`` what has gone back.
    ``idempotency_key`` goes to the provider with every call, so that a repeated call takes effect once.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    provider = models.CharField(max_length=30)
    status = models.CharField(max_length=20, choices=PaymentStatus.choices, default=PaymentStatus.CREATED)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    captured = models.BigIntegerField(default=0)
    refunded = models.BigIntegerField(default=0)
    idempotency_key = models.UUIDField(unique=True, default=uuid.uuid4)
    # Names the payment in the address of its confirmation page.
    token = models.CharField(max_length=64, unique=True, default=new_token)
    reference = models.CharField(max_length=120, blank=True, help_text="The provider's own name for it.")
    failure = models.CharField(max_length=255, blank=True, help_text="Why it failed, in words for the buyer.")
    # Where the buyer confirms, if that is not a page of ours.
    confirmation_url = models.URLField(max_length=500, blank=True)
    # Small facts that the provider wants to find again; never card data.
    data = models.JSONField(default=dict)
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
            models.Index(
                fields=["created_at"], condition=Q(status=PaymentStatus.REFUND_DUE), name="payment_refund_due"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0, refunded__gte=0, captured__gte=F("refunded"), captured__lte=F("amount")),
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


@register_setting(icon="table", order=330)
class BankTransferSettings(BaseSiteSetting):
    """Where a buyer who pays by bank transfer sends the money."""

    account_name = models.CharField(max_length=100, blank=True)
    bank_name = models.CharField("bank", max_length=100, blank=True)
    sort_code = models.CharField(max_length=12, blank=True, help_text="For example 20-00-00.")
    account_number = models.CharField(max_length=20, blank=True)
    iban = models.CharField("IBAN", max_length=42, blank=True)
    bic = models.CharField("BIC", max_length=11, blank=True)
    days_to_pay = models.PositiveSmallIntegerField(
        default=7, validators=[MinValueValidator(1)], help_text="How long you hold the goods for the buyer."
    )

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("account_name"),
                FieldPanel("bank_name"),
                FieldRowPanel([FieldPanel("sort_code"), FieldPanel("account_number")]),
                FieldRowPanel([FieldPanel("iban"), FieldPanel("bic")]),
            ],
            heading="Your account",
            help_text="Shown to buyers who pay by bank transfer, with their order number as the reference.",
        ),
        FieldPanel("days_to_pay"),
    ]

    class Meta:
        verbose_name = "bank transfer"

    @classmethod
    def current(cls) -> "BankTransferSettings":
        """The shop's settings, or empty ones; reading never writes a row."""
        return cls.objects.filter(site__is_default_site=True).first() or cls()

    @property
    def is_complete(self) -> bool:
        """Whether a buyer could pay with what is filled in."""
        return bool(self.account_name and ((self.sort_code and self.account_number) or self.iban))
