"""The order and its lines: a snapshot that nothing recomputes from the catalogue."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.timezone import localdate

from cms.encryption import EncryptedCharField
from shop.catalog.models.variant import SKU_MAX_LENGTH
from shop.money import format_money
from shop.orders.numbers import NUMBER_LENGTH, new_number
from shop.orders.permissions import RIGHTS
from shop.orders.postal import label_lines
from shop.orders.statuses import Status, StockState


class Order(models.Model):
    """One purchase. Written by ``services.py`` only.

    All amounts are minor units of ``currency``; rates are basis points. ``total``, ``shipping_total`` and each line's
    ``line_total`` are what is paid, with all tax. ``subtotal`` and ``discount_total`` are the lines as the shop prices
    them; ``tax_adjustment`` leads from there to what is paid: tax that comes on top of prices without it
    (``prices_include_tax`` is false), or, below zero, tax that this buyer does not owe. ``tax_total`` is the tax inside
    lines and delivery, each rounded once; ``OrderTax`` has it by rate.
    """

    number = models.CharField(max_length=NUMBER_LENGTH, unique=True, default=new_number, editable=False)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.AWAITING_PAYMENT)
    stock_state = models.CharField(max_length=10, choices=StockState.choices, default=StockState.RESERVED)
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="orders"
    )

    email = models.EmailField("e-mail address")
    name = models.CharField(max_length=100)
    company = models.CharField(max_length=100, blank=True)
    phone = EncryptedCharField(max_length=20, blank=True, help_text="E.164, such as +441473000000.")
    address_line_1 = EncryptedCharField(max_length=100, blank=True)
    address_line_2 = EncryptedCharField(max_length=100, blank=True)
    city = models.CharField("town or city", max_length=100, blank=True)
    region = models.CharField(max_length=100, blank=True, help_text="State, county, prefecture, as on a letter.")
    postcode = models.CharField(max_length=16, blank=True)
    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2.")

    currency = models.CharField(max_length=3)
    subtotal = models.BigIntegerField()
    discount_total = models.BigIntegerField(default=0)
    shipping_label = models.CharField("delivery", max_length=100, blank=True)
    delivery_code = models.CharField(max_length=40, blank=True, help_text="Which method it was, for reports.")
    delivery_estimate = models.CharField(max_length=120, blank=True, help_text="What the buyer was told.")
    collection_place = models.TextField(blank=True, help_text="Where it is collected; empty where it is sent.")
    shipping_total = models.BigIntegerField("delivery charge")
    shipping_tax_rate = models.PositiveIntegerField()
    shipping_tax = models.BigIntegerField()
    tax_label = models.CharField(max_length=20)
    tax_registration = models.CharField("tax registration number", max_length=30, blank=True)
    tax_number = models.CharField("buyer's tax number", max_length=30, blank=True)
    tax_note = models.CharField(max_length=250, blank=True, help_text="Why no tax was charged.")
    prices_include_tax = models.BooleanField(default=True)
    tax_adjustment = models.BigIntegerField(default=0)
    tax_total = models.BigIntegerField()
    total = models.BigIntegerField()

    # What the buyer chose to pay with; the payment itself is kept by the room above.
    payment_method = models.CharField(max_length=30)
    payment_label = models.CharField("payment", max_length=60)

    placed_at = models.DateTimeField(auto_now_add=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, help_text="When it was sent, cancelled, or given up.")
    updated_at = models.DateTimeField(auto_now=True)
    # Since when somebody is to look at it before it is sent, and why: see ``review.py``.
    held_at = models.DateTimeField(null=True, blank=True)
    held_for = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-placed_at", "-pk"]
        indexes = [
            models.Index(fields=["status", "-placed_at"], name="order_status_placed"),
            models.Index(fields=["-placed_at"], name="order_placed"),
            models.Index(fields=["email"], name="order_email"),
            models.Index(fields=["held_at"], condition=Q(held_at__isnull=False), name="order_held"),
        ]
        # Orders are never added, changed or deleted as such: there is a right for each thing to do.
        default_permissions = ("view",)
        permissions = [(f"{name}_order", words) for name, words in RIGHTS.items()]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    total=F("subtotal") - F("discount_total") + F("tax_adjustment") + F("shipping_total"),
                ),
                name="order_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(
                    subtotal__gte=0,
                    discount_total__gte=0,
                    shipping_total__gte=0,
                    shipping_tax__gte=0,
                    tax_total__gte=0,
                    total__gte=0,
                ),
                name="order_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"Order {self.number}"

    @property
    def address_lines(self) -> list[str]:
        """The address as it goes on a label in its country, without the country."""
        return label_lines(self)

    @property
    def is_collected(self) -> bool:
        """Whether the buyer comes for it."""
        return bool(self.collection_place)

    @property
    def shipping_shown(self) -> int:
        """Delivery as the shop prices it: without tax where its prices are without."""
        return self.shipping_total if self.prices_include_tax else self.shipping_total - self.shipping_tax

    @property
    def tax_relief(self) -> int:
        """What was taken off the prices of the lines because this buyer owes no tax; at least 0."""
        return max(0, -self.tax_adjustment)

    @property
    def quantities(self) -> dict[str, int]:
        """Units per SKU of the lines: what was in the cart."""
        return {line.sku: line.quantity for line in self.lines.all()}

    @property
    def stock_quantities(self) -> dict[str, int]:
        """Units per SKU that were taken from stock: of a bundle its components. Two queries."""
        taken: Counter[str] = Counter()
        for line in self.lines.prefetch_related("components"):
            taken.update(line.stock_quantities)
        return dict(taken)

    @cached_property
    def applied_discounts(self) -> list[Any]:
        """What promotions took off, as the buyer read it; one query, asked once."""
        return list(self.discounts.all())

    @property
    def full_shipping_total(self) -> int:
        """What delivery would have cost without promotions, as the shop prices it."""
        return self.shipping_shown + sum(discount.delivery for discount in self.applied_discounts)

    @cached_property
    def needs_delivery(self) -> bool:
        """Whether anything of it has to be sent; one query, asked once."""
        return any(not line.digital for line in self.lines.all())

    @property
    def current_estimate(self) -> str:
        """What the buyer was told, while it holds: it counts from the order's day, not from money that came later."""
        if self.status != Status.PAID or self.paid_at is None:
            return ""
        return self.delivery_estimate if localdate(self.paid_at) == localdate(self.placed_at) else ""

    @property
    def units_to_send(self) -> int:
        """Units that still have to leave, if the order stands."""
        return sum(line.to_send for line in self.lines.all())

    @property
    def total_text(self) -> str:
        """The total for a person: ``£24.50``."""
        return format_money(self.total, self.currency)


class OrderLine(models.Model):
    """One product of an order as it was when it was bought. Keyed by SKU: no link to the catalogue can change it.

    What became of its units since: ``fulfilled`` were sent, ``withdrawn`` will not be, ``returned`` are coming back or
    have come, and ``restocked`` of those last two went back to the shelf. Changed under the order's lock only.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    sku = models.CharField("SKU", max_length=SKU_MAX_LENGTH, db_index=True)
    title = models.CharField(max_length=255)
    options_label = models.CharField(max_length=255, blank=True)
    unit_price = models.BigIntegerField()
    quantity = models.PositiveIntegerField()
    discount = models.BigIntegerField(default=0)
    tax_adjustment = models.BigIntegerField(default=0, help_text="Tax on top of the price, or taken out of it.")
    line_total = models.BigIntegerField()
    tax_rate = models.PositiveIntegerField()
    tax = models.BigIntegerField()
    digital = models.BooleanField("download", default=False)
    note = models.CharField(max_length=120, blank=True, help_text="What the buyer was told of it when ordering.")
    fulfilled = models.PositiveIntegerField("sent", default=0)
    withdrawn = models.PositiveIntegerField("not to be sent", default=0)
    returned = models.PositiveIntegerField(default=0)
    restocked = models.PositiveIntegerField("back on the shelf", default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gte=F("fulfilled") + F("withdrawn")), name="order_line_sent_at_most_bought"
            ),
            models.CheckConstraint(condition=Q(returned__lte=F("fulfilled")), name="order_line_returned_at_most_sent"),
            models.CheckConstraint(
                condition=Q(restocked__lte=F("withdrawn") + F("returned")), name="order_line_restocked_at_most_back"
            ),
            # One line per SKU: what is reserved for an order is the sum of its lines.
            models.UniqueConstraint(fields=["order", "sku"], name="order_line_sku_unique"),
            models.CheckConstraint(
                condition=Q(line_total=F("unit_price") * F("quantity") - F("discount") + F("tax_adjustment")),
                name="order_line_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(unit_price__gte=0, quantity__gte=1, discount__gte=0, line_total__gte=0, tax__gte=0),
                name="order_line_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku}"

    @property
    def shown_total(self) -> int:
        """The line as the shop prices it, after its discount: without tax where its prices are without."""
        return self.unit_price * self.quantity - self.discount

    @property
    def to_send(self) -> int:
        """Units that still have to leave; downloads never do."""
        return 0 if self.digital else self.quantity - self.fulfilled - self.withdrawn

    @property
    def tax_relief(self) -> int:
        """What was taken off its price because this buyer owes no tax; at least 0."""
        return max(0, -self.tax_adjustment)

    @property
    def current_note(self) -> str:
        """What the buyer was told of it, until it has left or the order has ended."""
        return self.note if self.to_send and self.order.status in (Status.AWAITING_PAYMENT, Status.PAID) else ""

    @property
    def returnable(self) -> int:
        """Units that were sent and are not coming back yet."""
        return self.fulfilled - self.returned

    @property
    def full_total(self) -> int:
        """What the line would have cost without its discount."""
        return self.unit_price * self.quantity

    @property
    def stock_quantities(self) -> dict[str, int]:
        """Units per SKU that the line took from stock; downloads have none."""
        return self.stock_of(self.quantity)

    def stock_of(self, units: int) -> dict[str, int]:
        """Units per SKU in the stock that ``units`` of the line are: of a bundle its components."""
        if units == 0:
            return {}
        parts = self.components.all()
        if parts:
            return {part.sku: part.quantity // self.quantity * units for part in parts if not part.digital}
        return {} if self.digital else {self.sku: units}

    @property
    def digital_skus(self) -> list[str]:
        """What of it is downloaded."""
        parts = self.components.all()
        return [part.sku for part in parts if part.digital] if parts else [self.sku] if self.digital else []


class OrderTax(models.Model):
    """One rate of an order: what was paid without tax, and the tax on it. All rates together are the whole order."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="taxes")
    rate = models.PositiveIntegerField(help_text="Basis points.")
    net = models.BigIntegerField()
    tax = models.BigIntegerField()

    class Meta:
        ordering = ["-rate"]
        constraints = [
            models.UniqueConstraint(fields=["order", "rate"], name="order_tax_rate_unique"),
            models.CheckConstraint(condition=Q(net__gte=0, tax__gte=0), name="order_tax_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.rate / 100:g} %: {self.tax}"

    @property
    def percent(self) -> str:
        """The rate for a person: ``20``, ``17.5``."""
        return f"{self.rate / 100:g}"

    @property
    def gross(self) -> int:
        """What was paid at this rate."""
        return self.net + self.tax


class OrderLineComponent(models.Model):
    """What a bundle consisted of when it was bought. ``quantity`` is the units in the whole line, not in one bundle."""

    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="components")
    position = models.PositiveSmallIntegerField()
    sku = models.CharField("SKU", max_length=SKU_MAX_LENGTH, db_index=True)
    title = models.CharField(max_length=255)
    options_label = models.CharField(max_length=255, blank=True)
    quantity = models.PositiveIntegerField()
    digital = models.BooleanField("download", default=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["line", "sku"], name="order_component_sku_unique"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="order_component_at_least_one"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku}"
