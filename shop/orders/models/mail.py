"""Letters to the buyer, and whether they went out."""

from django.db import models

from shop.orders.models.order import Order


class OrderMail(models.Model):
    """One letter about one order, or one of its shipments or refunds (``key``).

    The row is the promise; ``sent_at`` says that it was kept.

    ``claimed_at`` keeps two workers from sending the same letter at once; a claim that is older than
    ``mail.CLAIM_TIMEOUT`` was left by a crash and no longer counts.
    """

    class Kind(models.TextChoices):
        CONFIRMATION = "confirmation", "Confirmation"
        PAYMENT_RECEIVED = "payment_received", "Payment received"
        CANCELLED = "cancelled", "Cancellation"
        DOWNLOADS = "downloads", "Downloads"
        SHIPPED = "shipped", "Shipment"
        REFUNDED = "refunded", "Refund"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    key = models.CharField(max_length=40, blank=True, help_text="Which shipment or refund it is about.")
    copies = models.PositiveIntegerField(default=0, help_text="How often staff have sent it again.")
    created_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["created_at"], condition=models.Q(sent_at__isnull=True), name="order_mail_pending")
        ]
        constraints = [models.UniqueConstraint(fields=["order", "kind", "key"], name="order_mail_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} for {self.order.number}"

    @property
    def title(self) -> str:
        """What it is, for staff: ``Shipment 2``."""
        if self.kind == self.Kind.SHIPPED and self.key.isdecimal():
            position = self.order.fulfilments.filter(pk=int(self.key)).values_list("position", flat=True).first()
            return f"Shipment {position}" if position else "Shipment"
        return str(self.get_kind_display())
