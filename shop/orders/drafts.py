"""What the checkout hands over to become an order: everything is decided, nothing is looked up any more."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contact:
    """Who buys, and where it goes. ``country`` is ISO 3166-1 alpha-2."""

    email: str
    name: str
    address_line_1: str
    address_line_2: str
    city: str
    postcode: str
    country: str


@dataclass(frozen=True, slots=True)
class ComponentDraft:
    """What is in a bundle: units of a SKU in one unit of it."""

    sku: str
    title: str
    options_label: str
    quantity: int
    digital: bool = False


@dataclass(frozen=True, slots=True)
class LineDraft:
    """One product; amounts in minor units with tax included, ``tax_rate`` in basis points.

    A line with ``components`` takes those from stock instead of its own SKU; what is ``digital`` has no stock.
    """

    sku: str
    title: str
    options_label: str
    unit_price: int
    quantity: int
    tax_rate: int
    tax: int
    discount: int = 0
    components: tuple[ComponentDraft, ...] = ()
    digital: bool = False

    @property
    def line_total(self) -> int:
        """What the line costs after its discount."""
        return self.unit_price * self.quantity - self.discount


@dataclass(frozen=True, slots=True)
class DeliveryDraft:
    """How it is sent and what that costs, tax included."""

    label: str
    amount: int
    tax_rate: int
    tax: int


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """A whole order. ``lines`` name each SKU once."""

    contact: Contact
    currency: str
    lines: tuple[LineDraft, ...]
    delivery: DeliveryDraft
    tax_label: str
    payment_method: str
    payment_label: str
    tax_registration: str = ""

    @property
    def subtotal(self) -> int:
        """The lines before their discounts."""
        return sum(line.unit_price * line.quantity for line in self.lines)

    @property
    def discount_total(self) -> int:
        """The discounts of all lines."""
        return sum(line.discount for line in self.lines)

    @property
    def tax_total(self) -> int:
        """The tax inside lines and delivery: a sum of rounded parts, never rounded again."""
        return sum(line.tax for line in self.lines) + self.delivery.tax

    @property
    def total(self) -> int:
        """What the buyer pays."""
        return sum(line.line_total for line in self.lines) + self.delivery.amount
