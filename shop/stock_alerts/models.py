"""Who wants to know when something is back."""

from django.db import models

from shop.catalog.models.variant import SKU_MAX_LENGTH


class StockAlert(models.Model):
    """One address that waits for one SKU. The row is the promise of one letter, and goes when that is sent.

    ``claimed_at`` keeps two workers from writing the same letter; a claim older than ``letters.CLAIM_TIMEOUT`` was left
    by a crash.
    """

    sku = models.CharField("SKU", max_length=SKU_MAX_LENGTH, db_index=True)
    email = models.EmailField("e-mail address")
    created_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["sku", "email"], name="stock_alert_once")]

    def __str__(self) -> str:
        return f"{self.sku}, asked for on {self.created_at:%Y-%m-%d}"
