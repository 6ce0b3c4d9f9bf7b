"""What a bundle is made of."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from shop.catalog.models.variant import SKU_MAX_LENGTH, Variant


class BundleComponent(models.Model):
    """So many units of one SKU are in each unit of a bundle. A variant with components has no stock of its own.

    Outside page revisions, as it decides what leaves the shelf. Keyed by SKU like stock and orders: a component is
    known as long as its stock is. A component is never a bundle itself.
    """

    bundle = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="components")
    sku = models.CharField("SKU", max_length=SKU_MAX_LENGTH, db_index=True)
    quantity = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["bundle", "sku"], name="bundle_component_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="bundle_component_at_least_one"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku}"
