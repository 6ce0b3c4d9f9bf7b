"""Kinds that look at what the products cost, not at how many there are."""

from collections.abc import Sequence
from fractions import Fraction

from django import forms

from shop.money import BASIS_POINTS
from shop.money_fields import MoneyField, PercentField
from shop.promotions.kinds.base import (
    Arguments,
    Kind,
    Line,
    half_up,
    money_text,
    percent_text,
    spread_over,
)


class PercentOff(Kind):
    """A share of what the products cost together, rounded once, half-up, then spread over them."""

    code = "percent"
    label = "Per cent off"
    description = "20 % off all products that it is for."

    def fields(self, currency: str) -> dict[str, forms.Field]:
        return {
            "percent": PercentField(label="Per cent off", least=1),
            "most": MoneyField(
                least=1,
                label="At most",
                currency=currency,
                required=False,
                help_text="Per order. Empty: no upper limit.",
            ),
        }

    def benefit(self, arguments: Arguments, currency: str) -> str:
        most = arguments.get("most")
        limit = f" (at most {money_text(most, currency)})" if most else ""
        return f"{percent_text(arguments['percent'])} off{limit}"

    def saving(self, lines: Sequence[Line], arguments: Arguments) -> dict[str, int]:
        total = half_up(Fraction(sum(line.amount for line in lines) * arguments["percent"], BASIS_POINTS))
        most = arguments.get("most")
        return spread_over(total if most is None else min(total, most), lines)


class AmountOff(Kind):
    """An amount off the order, spread over the products by what they cost."""

    code = "amount"
    label = "Amount off"
    description = "£5 off the order, once, however much of it is bought."

    def fields(self, currency: str) -> dict[str, forms.Field]:
        return {"amount": MoneyField(label="Amount off", currency=currency, least=1)}

    def benefit(self, arguments: Arguments, currency: str) -> str:
        return f"{money_text(arguments['amount'], currency)} off"

    def saving(self, lines: Sequence[Line], arguments: Arguments) -> dict[str, int]:
        return spread_over(arguments["amount"], lines)


class FixedPrice(Kind):
    """Each unit costs the same. What is cheaper already stays as it is."""

    code = "fixed_price"
    label = "Fixed price"
    description = "Each of the products costs £10. Cheaper ones keep their price."

    def fields(self, currency: str) -> dict[str, forms.Field]:
        return {"price": MoneyField(label="Price of each", currency=currency, least=0)}

    def benefit(self, arguments: Arguments, currency: str) -> str:
        return f"{money_text(arguments['price'], currency)} each"

    def saving(self, lines: Sequence[Line], arguments: Arguments) -> dict[str, int]:
        found = {line.sku: line.amount - arguments["price"] * line.quantity for line in lines}
        return {sku: saved for sku, saved in found.items() if saved > 0}
