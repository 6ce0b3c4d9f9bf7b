"""The stock ledger, keyed by SKU."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class StockItem(models.Model):
    """How many units of a SKU there are. Changed by conditional updates in ``services.py`` only, each with a movement.

    ``reserved`` units are promised to orders that are not yet paid; sellable is ``on_hand - reserved``. An item that
    is not tracked is never refused: its numbers still move, and ``on_hand`` may fall below zero. Keyed by SKU without
    a foreign key: stock outlives pages and variants.
    """

    sku = models.CharField("SKU", max_length=64, unique=True)
    on_hand = models.IntegerField(default=0)
    reserved = models.IntegerField(default=0)
    tracked = models.BooleanField(default=True, help_text="Untick where there is always enough.")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(reserved__gte=0), name="stock_reserved_not_negative"),
            models.CheckConstraint(
                condition=Q(tracked=False) | Q(on_hand__gte=F("reserved")), name="stock_reserved_at_most_on_hand"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku}: {self.on_hand} on hand, {self.reserved} reserved"


class StockMovement(models.Model):
    """One line of the ledger, never changed. ``on_hand`` of an item is the sum of its ``quantity`` values."""

    class Kind(models.TextChoices):
        OPENING = "opening", "Opening stock"
        RECEIPT = "receipt", "Goods received"
        SALE = "sale", "Sale"
        RETURN = "return", "Return"
        ADJUSTMENT = "adjustment", "Adjustment"
        IMPORT = "import", "Import"

    item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    quantity = models.IntegerField(help_text="Units added; negative where they left.")
    reference = models.CharField(max_length=64, blank=True, db_index=True, help_text="For a sale, the order number.")
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            # One order takes its units once, however often its payment is reported.
            models.UniqueConstraint(
                fields=["item", "reference"], condition=Q(kind="sale") & ~Q(reference=""), name="stock_sold_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item.sku} {self.quantity:+d} ({self.get_kind_display()})"
