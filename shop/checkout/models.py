"""A buyer's wish to order, so that the same wish makes one order however often it arrives."""

from django.db import models

from shop.orders.models import Order


class CheckoutAttempt(models.Model):
    """One press of the button. ``key`` comes with the form; a double click, a reload and a replay bring it again.

    Stored with the order, before any payment provider is called. ``order`` is empty only inside that transaction.
    ``fingerprint`` and ``agreed`` are what the buyer saw and agreed to; a replay is answered from the order, which is
    frozen with them, whatever prices, delivery, tax or promotions have become since.
    """

    key = models.UUIDField(unique=True)
    order = models.OneToOneField(Order, null=True, on_delete=models.PROTECT, related_name="attempt")
    fingerprint = models.CharField(max_length=64, blank=True)
    agreed = models.JSONField(default=dict, help_text="Lines and sums in minor units.")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.key)
