"""A way of delivery as an editor made it."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from shop.shipping.kinds.base import MethodKind, Parcel, registry
from shop.shipping.models.zone import ShippingZone

DAYS_MOST = 365


class DeliveryMethod(models.Model):
    """A kind of delivery with its arguments, in one zone. ``arguments`` hold money in minor units, weights in grams.

    Whether its charge is with or without tax follows from the shop's prices.
    """

    zone = models.ForeignKey(ShippingZone, on_delete=models.CASCADE, related_name="methods")
    kind = models.CharField(max_length=30)
    label = models.CharField(max_length=100, help_text="What the buyer reads: Standard delivery.")
    description = models.CharField(max_length=160, blank=True, help_text="A few words more: Tracked, left with you.")
    arguments = models.JSONField(default=dict)
    min_days = models.PositiveSmallIntegerField(
        "working days, at least", null=True, blank=True, validators=[MaxValueValidator(DAYS_MOST)]
    )
    max_days = models.PositiveSmallIntegerField(
        "working days, at most",
        null=True,
        blank=True,
        validators=[MaxValueValidator(DAYS_MOST)],
        help_text="Empty: the buyer is told no day.",
    )
    cut_off = models.TimeField(
        null=True, blank=True, help_text="Orders after this time leave a working day later. Empty: never too late."
    )
    position = models.PositiveSmallIntegerField(default=0, help_text="The order in which buyers see them.")
    active = models.BooleanField(default=True, help_text="Untick to offer it no more.")

    class Meta:
        verbose_name = "way of delivery"
        verbose_name_plural = "ways of delivery"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(min_days__isnull=True) | Q(max_days__isnull=True) | Q(min_days__lte=F("max_days")),
                name="shipping_days_in_order",
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def code(self) -> str:
        """What a form, a session and an order call it."""
        return f"{self.kind}-{self.pk}"

    @property
    def behaviour(self) -> MethodKind | None:
        """Its kind; None where the code that made it is gone."""
        return registry.get(self.kind)

    def charge(self, parcel: Parcel) -> int | None:
        """Minor units; None where it does not take the parcel."""
        kind = self.behaviour
        return kind.charge(self.arguments, parcel) if kind else None
