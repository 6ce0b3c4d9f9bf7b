"""The tax inside the prices: rounded half-up once per line and once for delivery, then only added up."""

from collections.abc import Mapping
from dataclasses import dataclass

from shop.cart.contents import Adjustment, Cart
from shop.money import included_tax
from shop.tax.models import TaxSettings

CODE = "tax"


@dataclass(frozen=True, slots=True)
class TaxBreakdown:
    """What is inside a cart's total: per SKU, and per adjustment by its code. ``rate`` in basis points."""

    label: str
    rate: int
    registration: str
    lines: Mapping[str, int]
    adjustments: Mapping[str, int]

    @property
    def total(self) -> int:
        """All of it, in minor units."""
        return sum(self.lines.values()) + sum(self.adjustments.values())


def breakdown(cart: Cart) -> TaxBreakdown:
    """The tax inside a cart. The cart shows its total; an order freezes each part."""
    settings = TaxSettings.current()
    return TaxBreakdown(
        label=settings.label,
        rate=settings.rate,
        registration=settings.registration_number,
        lines={line.sku: included_tax(line.amount, settings.rate) for line in cart.lines},
        adjustments={
            each.code: included_tax(each.amount, settings.rate) for each in cart.adjustments if not each.included
        },
    )


def tell_tax(cart: Cart) -> Cart:
    """The cart that tells which tax is included (registered as an adjuster); as it was where the rate is 0."""
    found = breakdown(cart)
    if not found.rate:
        return cart
    return cart.with_adjustments(Adjustment(CODE, f"Includes {found.label}", found.total, included=True))
