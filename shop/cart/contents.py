"""The cart as it is shown: no tables, only what the session's SKUs amount to at this moment.

All amounts are minor units of the cart's currency, as the shop prices its goods: with tax or, by its settings, without.
``total`` has all tax in it in either case.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import TextChoices

from shop.cart.buyer import ANONYMOUS, Buyer
from shop.cart.terms import CartTax, Delivery
from shop.catalog.bundles import Part

# The adjustment that is the delivery charge, whichever room makes it.
DELIVERY = "delivery"


class ProblemCode(TextChoices):
    """Why a line cannot be bought as it stands."""

    SOLD_OUT = "sold_out", "Sold out"
    FEWER_LEFT = "fewer_left", "Fewer left"
    NOT_SOLD = "not_sold", "No longer sold"
    NO_PRICE = "no_price", "No price"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line, and what the shop offers: change the quantity to ``fix_quantity`` (0: take it out)."""

    code: ProblemCode
    message: str
    fix_quantity: int = 0

    @property
    def fix_label(self) -> str:
        """The words on the button that mends it."""
        return f"Change to {self.fix_quantity}" if self.fix_quantity else "Remove it"

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class CartLine:
    """One SKU of the cart. ``unit_price`` and ``line_total`` are None where it has no price.

    ``note`` says when it comes, where it is not all here yet: ``here`` units are (None: all), others come on the day
    ``expected``, if that is known. ``discount`` is what promotions take off the whole line,
    never more than it costs. ``parts`` are what one unit of a bundle consists of; empty for everything else.
    ``digital`` is what is downloaded and needs no delivery. ``weight`` is one unit's in grams; None where
    nobody has said.
    """

    sku: str
    title: str
    options_label: str
    url: str
    thumbnail: Any
    unit_price: int | None
    compare_at: int | None
    quantity: int
    max_quantity: int
    problem: Problem | None = None
    parts: tuple[Part, ...] = ()
    digital: bool = False
    discount: int = 0
    note: str = ""
    here: int | None = None
    expected: date | None = None
    weight: int | None = None

    @property
    def line_total(self) -> int | None:
        """What the line costs at the quantity asked for, before its discount."""
        return None if self.unit_price is None else self.unit_price * self.quantity

    @property
    def counts(self) -> bool:
        """Whether the line is part of the totals: it has a price, and at least one can be bought."""
        return self.unit_price is not None and self.max_quantity > 0

    @property
    def waits(self) -> bool:
        """Whether some of its units are not here yet."""
        return self.here is not None and self.here < self.quantity

    @property
    def amount(self) -> int:
        """Its share of the total, after its discount."""
        return (self.line_total or 0) - self.discount if self.counts else 0

    @property
    def full_amount(self) -> int:
        """Its share of the subtotal, before its discount."""
        return (self.line_total or 0) if self.counts else 0


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A line below the subtotal, made by the adjuster ``code``.

    ``included`` ones, such as VAT, only tell what is inside the total; the others are added to it. ``discount`` has
    been taken off ``amount`` already, which is below 0 only for tax that a buyer does not owe.
    """

    code: str
    label: str
    amount: int
    included: bool = False
    discount: int = 0

    @property
    def full_amount(self) -> int:
        """What it would be without its discount."""
        return self.amount + self.discount

    @property
    def taken_off(self) -> int:
        """What it makes the cart cheaper; 0 for what is added."""
        return max(0, -self.full_amount)


@dataclass(frozen=True, slots=True)
class Discount:
    """A promotion's effect on the cart as the buyer reads it. ``amount`` is what it takes off, in lines and delivery.

    ``code`` names the promotion; it changes the cart's fingerprint together with the amount. ``coupon`` is the code
    that brought it, if one did. ``lines`` are its amounts by SKU; the rest of ``amount`` is off the delivery.
    """

    code: str
    label: str
    amount: int
    coupon: str = ""
    lines: tuple[tuple[str, int], ...] = ()

    @property
    def delivery(self) -> int:
        """What it takes off the delivery charge."""
        return self.amount - sum(amount for _, amount in self.lines)


@dataclass(frozen=True, slots=True)
class Hint:
    """A sentence for the buyer: what is missing for an offer, or why a coupon does nothing.

    ``coupon`` is the code that it is about, if any; ``about`` names its subject for whoever must find it again.
    """

    message: str
    about: str = ""
    coupon: str = ""


@dataclass(frozen=True, slots=True)
class Cart:
    """Lines, what is added to them, and whether all of it can be bought now."""

    lines: tuple[CartLine, ...]
    currency: str
    adjustments: tuple[Adjustment, ...] = field(default=())
    buyer: Buyer = ANONYMOUS
    discounts: tuple[Discount, ...] = ()
    hints: tuple[Hint, ...] = ()
    # What an adjuster leaves for one that runs later, by a name of its own; nobody else looks at it.
    workings: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    delivery: Delivery | None = None
    tax: CartTax | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it."""
        return not self.lines

    @property
    def count(self) -> int:
        """Units, as the number beside the cart's icon says."""
        return sum(line.quantity for line in self.lines)

    @property
    def subtotal(self) -> int:
        """The lines that can be bought, before their discounts."""
        return sum(line.full_amount for line in self.lines)

    @property
    def goods_total(self) -> int:
        """The lines that can be bought, after their discounts: what delivery looks at."""
        return sum(line.amount for line in self.lines)

    @property
    def discount_total(self) -> int:
        """What promotions take off, in lines and adjustments."""
        return sum(line.discount for line in self.lines) + sum(each.discount for each in self.adjustments)

    @property
    def total(self) -> int:
        """What the buyer would pay."""
        return self.goods_total + sum(each.amount for each in self.adjustments if not each.included)

    @property
    def problems(self) -> list[CartLine]:
        """The lines that have to be mended first."""
        return [line for line in self.lines if line.problem]

    @property
    def can_check_out(self) -> bool:
        """Whether it can be bought as it stands."""
        return bool(self.lines) and not self.problems

    @property
    def quantities(self) -> dict[str, int]:
        """Units per SKU."""
        return {line.sku: line.quantity for line in self.lines}

    @property
    def needs_delivery(self) -> bool:
        """Whether anything in it has to be sent. Lines that cannot be bought do not count."""
        return any(line.counts and not line.digital for line in self.lines)

    @property
    def is_undeliverable(self) -> bool:
        """Whether something has to be sent and no way of delivery takes it."""
        return self.needs_delivery and self.delivery is None

    @property
    def destination(self) -> str:
        """The country where the goods change hands; empty where it is not known yet."""
        return self.delivery.country if self.delivery else self.buyer.country

    @property
    def weight(self) -> int:
        """Grams of what has to be sent, as far as weights are known."""
        return sum((line.weight or 0) * line.quantity for line in self.lines if line.counts and not line.digital)

    def adjustment(self, code: str) -> Adjustment | None:
        """What the adjuster with this code made of the cart."""
        return next((each for each in self.adjustments if each.code == code), None)

    def with_adjustments(self, *added: Adjustment) -> "Cart":
        """The cart with further lines below its subtotal; one with a code that is there already takes its place."""
        codes = {each.code for each in added}
        kept = tuple(each for each in self.adjustments if each.code not in codes)
        return replace(self, adjustments=(*kept, *added))

    def with_line_discounts(self, amounts: Mapping[str, int]) -> "Cart":
        """The cart with these amounts, by SKU, taken off its lines beside what is off already.

        Raises ValueError where a line would cost less than nothing, or a discount is negative.
        """
        for line in self.lines:
            if not 0 <= amounts.get(line.sku, 0) <= line.amount:
                raise ValueError(f"{line.sku} costs {line.amount}: {amounts[line.sku]} cannot be taken off it.")
        lines = tuple(replace(line, discount=line.discount + amounts.get(line.sku, 0)) for line in self.lines)
        return replace(self, lines=lines)

    def with_discounts(self, *added: Discount) -> "Cart":
        """The cart that tells of further promotions; their amounts are in its lines and adjustments already."""
        return replace(self, discounts=(*self.discounts, *added))

    def with_hints(self, *added: Hint) -> "Cart":
        """The cart with further sentences for the buyer."""
        return replace(self, hints=(*self.hints, *added))

    def with_workings(self, name: str, found: Any) -> "Cart":
        """The cart with something for a later adjuster."""
        return replace(self, workings={**self.workings, name: found})

    @property
    def fingerprint(self) -> str:
        """Changes whenever what the buyer pays for does: products, contents, quantities, prices, delivery, tax."""
        facts = [
            self.currency,
            [[line.sku, line.quantity, line.unit_price, line.discount] for line in self.lines],
            [[each.code, each.amount, each.included, each.discount] for each in self.adjustments],
            [[each.code, each.amount] for each in self.discounts],
            [[line.sku, [[part.sku, part.quantity] for part in line.parts]] for line in self.lines if line.parts],
            [[line.sku, line.note] for line in self.lines if line.note],
            self.delivery.code if self.delivery else "",
            self.tax.note if self.tax else "",
        ]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:24]
