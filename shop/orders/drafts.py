"""What the checkout hands over to become an order: everything is decided, nothing is looked up any more."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contact:
    """Who buys, and where it goes; without an address where nothing is sent.

    ``country`` is ISO 3166-1 alpha-2, ``phone`` E.164, ``tax_number`` the buyer's own, with its country's letters.
    """

    email: str
    name: str
    address_line_1: str
    address_line_2: str
    city: str
    postcode: str
    country: str
    region: str = ""
    company: str = ""
    phone: str = ""
    tax_number: str = ""


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
    """One product; amounts in minor units, ``tax_rate`` in basis points.

    ``unit_price`` and ``discount`` are as the shop prices it; ``tax_adjustment`` is tax on top of that, or, below zero,
    tax taken out of it, so that ``line_total`` is what is paid and ``tax`` is inside it.
    ``note`` is what the buyer was told of it, such as when it comes. A line with ``components`` takes those from stock
    instead of its own SKU; what is ``digital`` has no stock.
    """

    sku: str
    title: str
    options_label: str
    unit_price: int
    quantity: int
    tax_rate: int
    tax: int
    discount: int = 0
    tax_adjustment: int = 0
    components: tuple[ComponentDraft, ...] = ()
    digital: bool = False
    note: str = ""

    @property
    def line_total(self) -> int:
        """What is paid for the line, with its tax."""
        return self.unit_price * self.quantity - self.discount + self.tax_adjustment


@dataclass(frozen=True, slots=True)
class DeliveryDraft:
    """How it is sent and what is paid for that, with its tax; ``place`` is where it is collected.

    Where delivery is taxed like the goods at several rates, ``taxes`` has the net amount and tax of each, and
    ``tax_rate`` is the one that they come to.
    """

    label: str
    amount: int
    tax_rate: int
    tax: int
    code: str = ""
    estimate: str = ""
    place: str = ""
    taxes: tuple["RateDraft", ...] = ()


@dataclass(frozen=True, slots=True)
class RateDraft:
    """What is paid at one rate (basis points): without tax, and the tax."""

    rate: int
    net: int
    tax: int


@dataclass(frozen=True, slots=True)
class DiscountDraft:
    """What a promotion takes off, as the buyer has read it; lines and delivery have it off already.

    ``lines`` are amounts by SKU, ``delivery`` what is off its charge, both in minor units. ``code`` names where the
    discount comes from, ``coupon`` the code that was entered for it.
    """

    code: str
    label: str
    lines: tuple[tuple[str, int], ...] = ()
    delivery: int = 0
    coupon: str = ""

    @property
    def amount(self) -> int:
        """All of it."""
        return sum(amount for _, amount in self.lines) + self.delivery


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
    tax_note: str = ""
    prices_include_tax: bool = True
    discounts: tuple[DiscountDraft, ...] = ()
    # A keyed hash of the network that the buyer's request came from; empty where that is not known.
    origin: str = ""

    @property
    def subtotal(self) -> int:
        """The lines as the shop prices them, before their discounts."""
        return sum(line.unit_price * line.quantity for line in self.lines)

    @property
    def discount_total(self) -> int:
        """The discounts of all lines."""
        return sum(line.discount for line in self.lines)

    @property
    def tax_adjustment(self) -> int:
        """Tax on top of the lines' prices, or, below zero, taken out of them."""
        return sum(line.tax_adjustment for line in self.lines)

    @property
    def taxes(self) -> tuple[RateDraft, ...]:
        """All of the order by rate, the highest first; what costs nothing counts nowhere."""
        delivery = self.delivery
        parts = [RateDraft(line.tax_rate, line.line_total - line.tax, line.tax) for line in self.lines]
        parts += delivery.taxes or (RateDraft(delivery.tax_rate, delivery.amount - delivery.tax, delivery.tax),)
        rates = sorted({part.rate for part in parts if part.net or part.tax}, reverse=True)
        return tuple(
            RateDraft(
                rate,
                net=sum(part.net for part in parts if part.rate == rate),
                tax=sum(part.tax for part in parts if part.rate == rate),
            )
            for rate in rates
        )

    @property
    def tax_total(self) -> int:
        """The tax inside lines and delivery: a sum of rounded parts, never rounded again."""
        return sum(line.tax for line in self.lines) + self.delivery.tax

    @property
    def total(self) -> int:
        """What the buyer pays."""
        return sum(line.line_total for line in self.lines) + self.delivery.amount
