"""How a cart would be delivered and taxed: what the rooms above found out, in the cart's own words.

Amounts are minor units of the cart's currency, rates basis points. An order freezes these facts as they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Delivery:
    """The way of delivery that the cart is priced with: the buyer's choice, or the first on offer.

    ``country`` is where the goods change hands (ISO 3166-1 alpha-2): the shop's own where they are collected, at
    ``place``. ``until_free`` is how much more makes delivery free: 0 where it is free for that reason, None where no
    amount does.
    """

    code: str
    label: str
    country: str
    estimate: str = ""
    place: str = ""
    until_free: int | None = None

    @property
    def is_collected(self) -> bool:
        """Whether the buyer comes for it, so that no address is needed."""
        return bool(self.place)


@dataclass(frozen=True, slots=True)
class Taxed:
    """The tax of one line. ``adjustment`` leads from the line's amount to what is paid: tax on top of it, or,
    below zero, tax taken out of it."""

    rate: int
    tax: int
    adjustment: int = 0


@dataclass(frozen=True, slots=True)
class RatePart:
    """What is paid at one rate: without tax, and the tax."""

    rate: int
    net: int
    tax: int


@dataclass(frozen=True, slots=True)
class CartTax:
    """The tax of a cart: of each line by SKU, and of delivery by rate.

    ``note`` says why none is charged, if so; ``relieved`` that it is for the buyer's own number.
    """

    label: str
    lines: Mapping[str, Taxed]
    delivery: tuple[RatePart, ...] = ()
    registration: str = ""
    note: str = ""
    prices_include_tax: bool = True
    relieved: bool = False
