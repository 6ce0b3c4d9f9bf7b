"""What has left the house, parcel by parcel."""

from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q

from shop.orders.models.order import Order, OrderLine

PLACE = "{number}"
_is_address = URLValidator(schemes=["https", "http"])


def validate_tracking_address(value: str) -> None:
    """Raises ValidationError unless it is an address with one place for the tracking number."""
    if value.count(PLACE) != 1 or "{" in value.replace(PLACE, "") or "}" in value.replace(PLACE, ""):
        raise ValidationError(f"Write {PLACE} once, where the tracking number goes.", code="no_place")
    _is_address(value.replace(PLACE, "1"))


class Carrier(models.Model):
    """Somebody who takes parcels, and where the buyer can follow one."""

    name = models.CharField(max_length=60, unique=True)
    tracking_address = models.CharField(
        max_length=200,
        blank=True,
        validators=[validate_tracking_address],
        help_text=f"Address of the carrier's page about a parcel; {PLACE} stands for its number. Empty: no link.",
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def tracking_url(self, number: str) -> str:
        """Where to follow a parcel; empty where that is not known."""
        return self.tracking_address.replace(PLACE, quote(number, safe="")) if self.tracking_address and number else ""


class Fulfilment(models.Model):
    """One parcel, or one handing over, of an order's goods. Written by ``fulfilment.py`` only.

    Carrier and address are kept as they were, so that a letter that is sent again says the same. One that was made by
    mistake is not deleted: it has a ``cancelled_at``, and its lines no longer count.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="fulfilments")
    position = models.PositiveSmallIntegerField(help_text="1 is the order's first.")
    carrier = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=80, blank=True)
    tracking_url = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["order", "position"], name="fulfilment_position_unique")]

    def __str__(self) -> str:
        return f"Shipment {self.position}"

    @property
    def units(self) -> int:
        """How many units it has."""
        return sum(line.quantity for line in self.lines.all())

    @property
    def letter_key(self) -> str:
        """What its letter is kept under (``OrderMail.key``)."""
        return str(self.pk)


class FulfilmentLine(models.Model):
    """Units of an order's line in a shipment; a bundle's components travel with their line."""

    fulfilment = models.ForeignKey(Fulfilment, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="fulfilment_lines")
    quantity = models.PositiveIntegerField()

    class Meta:
        ordering = ["line__position"]
        constraints = [
            models.UniqueConstraint(fields=["fulfilment", "line"], name="fulfilment_line_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="fulfilment_line_at_least_one"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line.sku}"
