"""What a kind of promotion is. Editors make promotions; each is of a kind, and a kind is a small class like these.

A kind decides how much is taken off, and nothing else: for whom, when, and together with what else is the same for all
kinds. See ``docs/promotions.md`` for how to write one.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, ClassVar

from django import forms

from shop.money import format_money, spread

# What an editor entered for a kind's declared fields, as the fields clean it.
Arguments = Mapping[str, Any]


class Target(Enum):
    """What a kind makes cheaper."""

    GOODS = "goods"
    DELIVERY = "delivery"


@dataclass(frozen=True, slots=True)
class Line:
    """Units of one SKU that a promotion is for. ``amount`` is what they cost together, in minor units, earlier
    promotions taken off already."""

    sku: str
    title: str
    quantity: int
    amount: int

    @property
    def each(self) -> Fraction:
        """What one unit costs, exactly."""
        return Fraction(self.amount, self.quantity)


class Kind(ABC):
    """One way to make something cheaper. Stateless: an instance serves all promotions of its kind."""

    # Stored with every promotion: never change it.
    code: ClassVar[str]
    # What editors choose by, and what is explained to them below it.
    label: ClassVar[str]
    description: ClassVar[str]
    target: ClassVar[Target] = Target.GOODS

    @abstractmethod
    def fields(self, currency: str) -> dict[str, forms.Field]:
        """The form fields of its arguments. What they clean to is stored as JSON."""

    def check(self, arguments: Arguments) -> str:
        """What is wrong with arguments that are fine one by one, in words for the editor; empty where nothing is."""
        return ""

    @abstractmethod
    def benefit(self, arguments: Arguments, currency: str) -> str:
        """What the buyer gets, in a few words that can follow "for" and stand before "on ...": ``20 % off``."""

    def saving(self, lines: Sequence[Line], arguments: Arguments) -> dict[str, int]:
        """What is taken off each SKU, in minor units. Pure; never more than a line's amount. For goods only."""
        return {}

    def delivery_saving(self, charge: int, arguments: Arguments) -> int:
        """What is taken off a delivery charge, in minor units. Pure; never more than the charge. For delivery only."""
        return 0

    def missing(self, lines: Sequence[Line], arguments: Arguments) -> int:
        """How many more units would bring (more of) the benefit, where it is worth telling the buyer; else 0."""
        return 0


def half_up(amount: Fraction) -> int:
    """The nearest whole number; a half goes up. Of amounts that are not negative."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def units(count: int) -> str:
    """A small number in words."""
    words = ("no", "one", "two", "three", "four", "five", "six")
    return words[count] if count < len(words) else str(count)


def percent_text(points: int) -> str:
    """Basis points for a person: ``17.5 %``."""
    return f"{(Decimal(points) / 100).normalize():f} %"


def money_text(amount: int, currency: str) -> str:
    """An amount in running text, without decimal places that say nothing: ``£30``, ``£3.50``."""
    return format_money(amount, currency).removesuffix(".000").removesuffix(".00")


def spread_over(total: int, lines: Sequence[Line]) -> dict[str, int]:
    """``total`` shared out by what the lines cost (largest remainder); at most what they cost altogether."""
    whole = sum(line.amount for line in lines)
    if whole <= 0:
        return {}
    shares = spread(min(total, whole), [line.amount for line in lines])
    return {line.sku: share for line, share in zip(lines, shares, strict=True) if share}


def take_units(lines: Iterable[Line], count: int) -> list[tuple[Line, int]]:
    """The first ``count`` units of lines in their order: how many of each."""
    taken = []
    for line in lines:
        if count <= 0:
            break
        taken.append((line, min(line.quantity, count)))
        count -= taken[-1][1]
    return taken


def cheapest_first(lines: Sequence[Line]) -> list[Line]:
    """By the price of a unit, then by SKU, so that the result is the same for everyone."""
    return sorted(lines, key=lambda line: (line.each, line.sku))


def dearest_first(lines: Sequence[Line]) -> list[Line]:
    """The other way round, with the same rule for ties."""
    return sorted(lines, key=lambda line: (-line.each, line.sku))
