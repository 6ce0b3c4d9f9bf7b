"""A buyer's wish to order, so that the same wish makes one order however often it arrives."""

from django.db import models

from shop.orders.models import Order


class CheckoutAttempt(models.Model):
    """One press of the button. ``key`` comes with the form; a double click, a reload and a replay bring it again.

    Stored with the order, before any payment provider is called. ``order`` is empty only inside that transaction.
    """

    key = models.UUIDField(unique=True)
    order = models.OneToOneField(Order, null=True, on_delete=models.PROTECT, related_name="attempt")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.key)
