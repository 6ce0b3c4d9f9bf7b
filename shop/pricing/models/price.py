"""Dated prices."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone


class AppendOnly(RuntimeError):
    """Somebody wants to change the history of prices."""


class Price(models.Model):
    """What a variant costs from a moment on. Append-only: a change is a new row, so the history stays.

    The current price is the row with the latest ``valid_from`` that has passed (ties: the newest row). Amounts are
    minor units with tax included.

    A row with ``compare_at`` announces a reduction. What the shop strikes through is not that claim but
    ``lowest_before``: the lowest price of the 30 days before the reduction began (see ``prior.py``), if it is higher
    than the amount. A sale with an end is two rows; the second ``ends`` the first and brings the old price back.
    """

    variant = models.ForeignKey("catalog.Variant", on_delete=models.CASCADE, related_name="prices")
    amount = models.BigIntegerField()
    compare_at = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    valid_from = models.DateTimeField(default=timezone.now)
    # Follows from the rows before it, and is kept in step by the services. Null: there was no price in those 30 days.
    lowest_before = models.BigIntegerField(null=True, editable=False)
    ends = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="ended_by")
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

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises AppendOnly for a row that is stored already."""
        if not self._state.adding:
            raise AppendOnly("A price is never changed: append a new one with services.set_price.")
        super().save(*args, **kwargs)

    @property
    def struck(self) -> int | None:
        """What is struck through beside the amount: see the class. None where no reduction may be announced."""
        reduced = self.compare_at is not None and self.lowest_before is not None and self.lowest_before > self.amount
        return self.lowest_before if reduced else None

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} from {self.valid_from:%Y-%m-%d %H:%M}"
