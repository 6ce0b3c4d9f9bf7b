"""Dated prices."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Price(models.Model):
    """What a variant costs from a moment on. Append-only: a change is a new row, so the history stays.

    The current price is the row with the latest ``valid_from`` that has passed (ties: the newest row). Amounts are
    minor units with tax included. ``compare_at`` is the struck-through price and must be higher than the amount.
    """

    variant = models.ForeignKey("catalog.Variant", on_delete=models.CASCADE, related_name="prices")
    amount = models.BigIntegerField()
    compare_at = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    valid_from = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["variant", "-valid_from", "-id"], name="price_current")]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="price_not_negative"),
            models.CheckConstraint(
                condition=models.Q(compare_at__isnull=True) | models.Q(compare_at__gt=models.F("amount")),
                name="price_compare_at_higher",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} from {self.valid_from:%Y-%m-%d %H:%M}"
