"""What payment companies have told us by themselves."""

from django.db import models

from shop.payments.models.payment import Payment


class ProviderEvent(models.Model):
    """One message of a payment company, stored in the transaction that gives it its effect, and never changed.

    ``event_id`` is the company's: the same message again finds its row and changes nothing. ``facts`` holds what was
    needed of it, never names, addresses or cards.
    """

    provider = models.CharField(max_length=30)
    event_id = models.CharField(max_length=120)
    type = models.CharField(max_length=80)
    payment = models.ForeignKey(Payment, null=True, blank=True, on_delete=models.PROTECT, related_name="events")
    facts = models.JSONField(default=dict)
    outcome = models.CharField(max_length=120, blank=True, help_text="What it changed.")
    received_at = models.DateTimeField(auto_now_add=True)
    processed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="provider_event_once")]

    def __str__(self) -> str:
        return f"{self.type} ({self.event_id})"
