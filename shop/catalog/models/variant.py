"""The thing that is sold."""

from django.core.validators import RegexValidator
from django.db import models

SKU_MAX_LENGTH = 64
# Printable without spaces at the ends; real shops use letters, digits and . _ - / + inside.
sku_validator = RegexValidator(r"^[^\s\x00-\x1f](?:[^\x00-\x1f]*[^\s\x00-\x1f])?$", "A SKU has no blanks at its ends.")


class Variant(models.Model):
    """A sellable form of a product, known everywhere by its SKU.

    Outside page revisions on purpose. Carts, orders and the stock ledger hold the SKU, never this row's id.
    ``options`` is an ordered list of name and value, ``[["Colour", "Sea"], ["Size", "Large"]]``; a product's
    only variant has none. ``weight`` is in grams.
    """

    product = models.ForeignKey("catalog.ProductPage", on_delete=models.CASCADE, related_name="variants")
    sku = models.CharField("SKU", max_length=SKU_MAX_LENGTH, unique=True, validators=[sku_validator])
    barcode = models.CharField(max_length=32, blank=True, help_text="EAN, UPC or ISBN.")
    options = models.JSONField(default=list, blank=True)
    weight = models.PositiveIntegerField("weight in grams", null=True, blank=True)
    image = models.ForeignKey("cms.CustomImage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    position = models.PositiveIntegerField(default=0)
    active = models.BooleanField(default=True, help_text="Untick to stop selling it without forgetting it.")
    digital = models.BooleanField(default=False, help_text="A download: no stock, no delivery. See DigitalFile.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["product", "options"], name="variant_options_unique"),
        ]

    def __str__(self) -> str:
        return self.sku

    @property
    def options_label(self) -> str:
        """The options as a person reads them: ``Sea, Large``; empty for a product's only variant."""
        return ", ".join(value for _, value in self.options)
