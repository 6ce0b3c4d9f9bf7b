"""What a variant costs the shop."""

from django.conf import settings
from django.db import models


class VariantCost(models.Model):
    """The purchase price of one unit in minor units, without tax. Nothing that shoppers see depends on it."""

    variant = models.OneToOneField(
        "catalog.Variant", on_delete=models.CASCADE, primary_key=True, related_name="purchase_cost"
    )
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = "cost price"
        constraints = [models.CheckConstraint(condition=models.Q(amount__gte=0), name="cost_not_negative")]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"
