"""What comes back from buyers."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shop.orders.models.order import Order, OrderLine


class Return(models.Model):
    """Goods that a buyer sends back. Written by ``returns.py`` only.

        requested --receive--> received --close--> closed
            +--drop--> dropped (never came; its units count as sent again)

    What goes back to the shelf is decided per line when they are received. Money is given back by the room above.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", "On its way"
        RECEIVED = "received", "Received"
        CLOSED = "closed", "Closed"
        DROPPED = "dropped", "Never came"

    class Reason(models.TextChoices):
        UNWANTED = "unwanted", "No longer wanted"
        DAMAGED = "damaged", "Arrived damaged"
        FAULTY = "faulty", "Does not work as it should"
        WRONG = "wrong", "Not what was ordered"
        UNDELIVERED = "undelivered", "Could not be delivered"
        OTHER = "other", "Something else"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="returns")
    position = models.PositiveSmallIntegerField(help_text="1 is the order's first.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    reason = models.CharField(max_length=12, choices=Reason.choices)
    note = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    received_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, help_text="When it was closed, or given up.")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["order", "position"], name="return_position_unique")]

    def __str__(self) -> str:
        return f"Return {self.position}"

    @property
    def units(self) -> int:
        """How many units it has."""
        return sum(line.quantity for line in self.lines.all())


class ReturnLine(models.Model):
    """Units of an order's line in a return; ``restocked`` of them went back to the shelf, the rest was written off."""

    returned = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="return_lines")
    quantity = models.PositiveIntegerField()
    restocked = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["line__position"]
        constraints = [
            models.UniqueConstraint(fields=["returned", "line"], name="return_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, restocked__lte=F("quantity")), name="return_line_restocked_at_most_all"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line.sku}"

    @property
    def written_off(self) -> int:
        """Units that did not go back to the shelf; only meaningful once they are received."""
        return self.quantity - self.restocked
