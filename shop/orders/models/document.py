"""Invoices and credit notes: numbered without gaps, and never changed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from shop.orders.models.order import Order

_PREFIX = RegexValidator(r"^[A-Z0-9][A-Z0-9/-]*$", "Capitals, digits, - and / only.")


class DocumentKind(models.TextChoices):
    """What is numbered, each kind in a series of its own."""

    INVOICE = "invoice", "Invoice"
    CREDIT_NOTE = "credit_note", "Credit note"


class DocumentSeries(models.Model):
    """Where a series stands: ``last`` is the last number given. Locked while one is given, so there are no gaps."""

    kind = models.CharField(max_length=12, choices=DocumentKind.choices, unique=True)
    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "document series"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.last}"


class Document(models.Model):
    """An invoice of an order, or a credit note for one refund. Written by ``documents.numbering`` only.

    ``sequence`` counts 1, 2, 3 within the kind; ``number`` is how it is written. ``amount`` is minor units with tax
    included: of a credit note what went back. ``seller`` is who sold, as it stood on the day.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=12, choices=DocumentKind.choices)
    sequence = models.PositiveBigIntegerField()
    number = models.CharField(max_length=40, db_index=True)
    # Which refund a credit note is for; empty for an invoice.
    key = models.CharField(max_length=40, blank=True)
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=200, blank=True)
    # Of a credit note: what of the amount was paid at which tax rate (basis points), where somebody has said.
    by_rate: Any = models.JSONField(null=True, blank=True)
    seller: Any = models.JSONField(default=dict)
    issued_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "sequence"], name="document_sequence_unique"),
            # One invoice per order; one credit note per refund.
            models.UniqueConstraint(fields=["order", "kind", "key"], name="document_once"),
            models.CheckConstraint(condition=Q(amount__gte=0, sequence__gte=1), name="document_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


@register_setting(icon="doc-full", order=335)
class DocumentSettings(BaseSiteSetting):
    """How invoices, credit notes and packing slips look."""

    invoice_prefix = models.CharField(
        max_length=12, default="INV-", validators=[_PREFIX], help_text="Stands before the number of an invoice."
    )
    credit_note_prefix = models.CharField(
        max_length=12, default="CN-", validators=[_PREFIX], help_text="Stands before the number of a credit note."
    )
    first_number = models.PositiveBigIntegerField(
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(10**12)],
        help_text="The number that the first invoice gets. Without effect once there is one.",
    )
    invoice_note = models.TextField(max_length=600, blank=True, help_text="Stands below the sums: terms, registration.")
    slip_note = models.TextField(
        max_length=600, blank=True, help_text="Stands below a packing slip: a thank you, how to send something back."
    )

    panels = [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("invoice_prefix"), FieldPanel("credit_note_prefix")]),
                FieldPanel("first_number"),
            ],
            heading="Numbers",
            help_text="Numbers follow one another without gaps, as the law of many countries demands of invoices.",
        ),
        MultiFieldPanel([FieldPanel("invoice_note"), FieldPanel("slip_note")], heading="Words"),
    ]

    class Meta:
        verbose_name = "invoices and slips"

    def clean(self) -> None:
        """The two kinds must be told apart."""
        super().clean()
        if self.invoice_prefix == self.credit_note_prefix:
            raise ValidationError({"credit_note_prefix": "Invoices and credit notes cannot both begin like this."})

    @classmethod
    def current(cls) -> "DocumentSettings":
        """The shop's settings, or the defaults; reading never writes a row."""
        return cls.objects.filter(site__is_default_site=True).first() or cls()
