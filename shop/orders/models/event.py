"""What has happened to an order."""

from django.conf import settings
from django.db import models

from shop.orders.models.order import Order


class OrderEvent(models.Model):
    """One entry of an order's history, never changed. Without an actor it was the buyer or the system."""

    class Kind(models.TextChoices):
        PLACED = "placed", "Order placed"
        PAY = "pay", "Payment received"
        FAIL_PAYMENT = "fail_payment", "Payment failed"
        CANCEL = "cancel", "Cancelled"
        FULFIL = "fulfil", "Sent"
        REOPEN = "reopen", "To be sent again"
        SHIPMENT = "shipment", "Shipment"
        WITHDRAWAL = "withdrawal", "Not to be sent"
        RETURN = "return", "Return"
        PAYMENT = "payment", "Payment"
        MAIL = "mail", "E-mail"
        NOTE = "note", "Note"
        HOLD = "hold", "Held to be looked at"
        RELEASE = "release", "Released"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    from_status = models.CharField(max_length=20, blank=True)
    to_status = models.CharField(max_length=20, blank=True)
    message = models.CharField(max_length=500, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.created_at:%Y-%m-%d %H:%M}"
