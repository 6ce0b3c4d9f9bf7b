"""The stock ledger, keyed by SKU and location."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q


class StockLocation(models.Model):
    """Where units are: a shop, a store room. Only what is at active locations can be sold.

    Exactly one is the default, which is always active: units that come in without a place go there, and sales take
    from it first.
    """

    name = models.CharField(max_length=60, unique=True)
    code = models.CharField(
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"^[A-Za-z0-9_-]+$", "Letters, digits, - and _ only.")],
        help_text="Short and lasting, for files: SHOP, STORE-2.",
    )
    active = models.BooleanField(default=True, help_text="Untick to keep what is there from being sold.")
    is_default = models.BooleanField(
        "default", default=False, help_text="Units that come in without a place go here. Sales take from here first."
    )
    position = models.PositiveSmallIntegerField(default=0, help_text="Sales take from locations in this order.")

    class Meta:
        ordering = ["-is_default", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="stock_one_default"),
            models.CheckConstraint(condition=Q(is_default=False) | Q(active=True), name="stock_default_is_active"),
        ]

    def __str__(self) -> str:
        return self.name


class StockItem(models.Model):
    """How many units of a SKU there are. Changed by conditional updates in ``services.py`` only, each with a movement.

    ``reserved`` units are promised to orders that are not yet paid, ``unavailable`` ones are at locations that are not
    active; what is there to sell is ``on_hand - unavailable - reserved``. Up to ``backorder_limit`` units more may be
    sold before they come (a pre-order, or selling on while the shelf is empty); ``on_hand`` is then below zero by what
    is owed. An item that is not tracked is never refused: its numbers still move, and ``on_hand`` may fall below zero.
    Keyed by SKU without a foreign key: stock outlives pages and variants. This row is the sum of the item's
    ``StockLevel`` rows, so that a sale is decided by one update.
    """

    sku = models.CharField("SKU", max_length=64, unique=True)
    on_hand = models.IntegerField(default=0)
    reserved = models.IntegerField(default=0)
    unavailable = models.IntegerField(default=0)
    tracked = models.BooleanField(default=True, help_text="Untick where there is always enough.")
    reorder_point = models.PositiveIntegerField(
        null=True, blank=True, help_text="Stock is low when this many or fewer can be sold."
    )
    backorder_limit = models.PositiveIntegerField(
        "sell beyond stock", default=0, help_text="Units that may be sold before they are here. 0: none."
    )
    expected_on = models.DateField(
        null=True, blank=True, help_text="When units come that are sold before they are here. Shoppers read it."
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "stock"
        verbose_name_plural = "stock"
        constraints = [
            models.CheckConstraint(condition=Q(reserved__gte=0), name="stock_reserved_not_negative"),
            models.CheckConstraint(
                condition=Q(tracked=False) | Q(on_hand__gte=F("reserved") + F("unavailable") - F("backorder_limit")),
                name="stock_reserved_at_most_on_hand",
            ),
        ]

    @property
    def sellable(self) -> int:
        """Units that are there to be sold, if they are counted at all; below 0 by what is promised beyond them."""
        return self.on_hand - self.unavailable - self.reserved

    @property
    def can_sell(self) -> int:
        """Units that may be sold now, those included that have still to come."""
        return self.sellable + self.backorder_limit

    @property
    def is_low(self) -> bool:
        """Whether it is time to order more."""
        return self.tracked and self.reorder_point is not None and self.sellable <= self.reorder_point

    def __str__(self) -> str:
        return f"{self.sku}: {self.on_hand} on hand, {self.reserved} reserved"


class StockLevel(models.Model):
    """How many units of a SKU are at a location: the sum of its movements there. Written under the item's lock."""

    item = models.ForeignKey(StockItem, on_delete=models.CASCADE, related_name="levels")
    location = models.ForeignKey(StockLocation, on_delete=models.PROTECT, related_name="levels")
    on_hand = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "location"], name="stock_level_once")]

    def __str__(self) -> str:
        return f"{self.item.sku}: {self.on_hand} at {self.location}"


class StockMovement(models.Model):
    """One line of the ledger, never changed. ``on_hand`` of an item is the sum of its ``quantity`` values."""

    class Kind(models.TextChoices):
        OPENING = "opening", "Opening stock"
        RECEIPT = "receipt", "Goods received"
        SALE = "sale", "Sale"
        RETURN = "return", "Return"
        ADJUSTMENT = "adjustment", "Adjustment"
        COUNT = "count", "Stocktake"
        TRANSFER = "transfer", "Transfer"
        IMPORT = "import", "Import"

    item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="movements")
    location = models.ForeignKey(StockLocation, on_delete=models.PROTECT, related_name="movements")
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
            # One order takes its units once, however often its payment is reported; it may take from two places.
            models.UniqueConstraint(
                fields=["item", "location", "reference"],
                condition=Q(kind="sale") & ~Q(reference=""),
                name="stock_sold_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item.sku} {self.quantity:+d} ({self.get_kind_display()})"
