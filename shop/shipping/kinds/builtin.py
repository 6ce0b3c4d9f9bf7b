"""Flat, free from, by weight, by order value, collect in store."""

from collections.abc import Sequence

from django import forms

from shop.money import format_money
from shop.money_fields import MoneyField
from shop.shipping.kinds.base import Arguments, MethodKind, Parcel
from shop.shipping.kinds.fields import ValueBandsField, WeightBandsField, weight_text

HOW_BANDS = "One line each, the smallest first. “any: 12.00” as the last line takes all that is more."


def banded(bands: Sequence[Sequence[int | None]], amount: int) -> int | None:
    """The charge of the first band that reaches ``amount``; None above the last."""
    return next((cost for limit, cost in bands if limit is None or amount <= limit), None)


class Flat(MethodKind):
    """One charge for everything."""

    code = "flat"
    label = "Flat price"
    explanation = "The same for every order."

    def fields(self) -> dict[str, forms.Field]:
        return {"price": MoneyField(label="Price", help_text="0 delivers everything free.")}

    def charge(self, arguments: Arguments, parcel: Parcel) -> int | None:
        return int(arguments["price"])

    def summary(self, arguments: Arguments, currency: str) -> str:
        return format_money(arguments["price"], currency)


class FreeFrom(MethodKind):
    """One charge, and none from an order value on."""

    code = "free-from"
    label = "Free from an order value"
    explanation = "One price for small orders, free for larger ones."

    def fields(self) -> dict[str, forms.Field]:
        return {
            "price": MoneyField(label="Price"),
            "free_from": MoneyField(label="Free from", help_text="Products for this much or more, after discounts."),
        }

    def charge(self, arguments: Arguments, parcel: Parcel) -> int | None:
        return 0 if parcel.goods >= arguments["free_from"] else int(arguments["price"])

    def free_from(self, arguments: Arguments) -> int | None:
        return int(arguments["free_from"])

    def summary(self, arguments: Arguments, currency: str) -> str:
        price, free = (format_money(arguments[name], currency) for name in ("price", "free_from"))
        return f"{price}, free from {free}"


class ByWeight(MethodKind):
    """A charge per band of weight; heavier than the last band is not taken."""

    code = "weight"
    label = "By weight"
    explanation = "A price for each band of weight. Products without a weight count as weightless."

    def fields(self) -> dict[str, forms.Field]:
        return {"bands": WeightBandsField(label="Weight up to: price", help_text=f"2 kg: 3.95. {HOW_BANDS}")}

    def charge(self, arguments: Arguments, parcel: Parcel) -> int | None:
        return banded(arguments["bands"], parcel.weight)

    def summary(self, arguments: Arguments, currency: str) -> str:
        shown = [(weight_text(limit) if limit else "", cost) for limit, cost in arguments["bands"]]
        return _bands_text(shown, currency)


class ByValue(MethodKind):
    """A charge per band of the goods' worth; more than the last band is not taken."""

    code = "value"
    label = "By order value"
    explanation = "A price for each band of what the products cost."

    def fields(self) -> dict[str, forms.Field]:
        return {"bands": ValueBandsField(label="Products up to: price", help_text=f"20.00: 4.95. {HOW_BANDS}")}

    def charge(self, arguments: Arguments, parcel: Parcel) -> int | None:
        return banded(arguments["bands"], parcel.goods)

    def free_from(self, arguments: Arguments) -> int | None:
        """Just above the last band that costs something, if what follows is free."""
        bands = arguments["bands"]
        paid = [limit for limit, cost in bands if cost]
        if not paid or paid[-1] is None or bands[-1][1]:
            return None
        return int(paid[-1]) + 1

    def summary(self, arguments: Arguments, currency: str) -> str:
        shown = [("" if limit is None else format_money(limit, currency), cost) for limit, cost in arguments["bands"]]
        return _bands_text(shown, currency)


class Collect(MethodKind):
    """The buyer comes for it: no address, and the tax of the shop's own country."""

    code = "collect"
    label = "Collect in store"
    explanation = "The buyer comes for it and need not give an address."
    collected = True

    def fields(self) -> dict[str, forms.Field]:
        return {
            "price": MoneyField(label="Price", help_text="0 where collecting is free."),
            "address": forms.CharField(
                label="Where", max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text="As on a letter."
            ),
            "opening": forms.CharField(
                label="Opening times", max_length=200, required=False, help_text="Mon to Sat, 9 am to 5 pm."
            ),
        }

    def charge(self, arguments: Arguments, parcel: Parcel) -> int | None:
        return int(arguments["price"])

    def place(self, arguments: Arguments) -> str:
        lines = [*str(arguments["address"]).splitlines(), str(arguments.get("opening") or "")]
        return "\n".join(line.strip() for line in lines if line.strip())

    def summary(self, arguments: Arguments, currency: str) -> str:
        return format_money(arguments["price"], currency) if arguments["price"] else "Free"


def _bands_text(bands: Sequence[tuple[str, int | None]], currency: str) -> str:
    texts = [f"{'up to ' + limit if limit else 'above'} {format_money(cost or 0, currency)}" for limit, cost in bands]
    return ", ".join(texts)
