"""What was taken off an order, and why, as the buyer read it."""

from django.db import models
from django.db.models import F, Q

from shop.orders.models.order import Order


class OrderDiscount(models.Model):
    """One promotion's share in an order, frozen. The order's totals have it off already.

    ``amount`` is all that it took off, ``delivery`` the part of it that was off the delivery charge, ``lines`` the rest
    by SKU; minor units. ``code`` names where it came from, ``coupon`` the code that the buyer entered, if any.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="discounts")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=60)
    label = models.CharField(max_length=100)
    coupon = models.CharField(max_length=60, blank=True)
    amount = models.BigIntegerField()
    delivery = models.BigIntegerField(default=0)
    lines = models.JSONField(default=dict)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="order_discount_position_unique"),
            models.CheckConstraint(
                condition=Q(delivery__gte=0, amount__gte=F("delivery")), name="order_discount_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.label
