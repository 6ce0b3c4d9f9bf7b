"""``{{ amount|money:currency }}``: minor units as a person reads them."""

from django import template

from shop.money import MoneyError, format_money

register = template.Library()


@register.filter
def money(amount: int | None, currency: str | None) -> str:
    """``{{ 1250|money:"GBP" }}`` is ``£12.50``; empty without an amount or a currency."""
    if amount is None or amount == "" or not currency:
        return ""
    try:
        return format_money(int(amount), currency)
    except MoneyError:
        return ""
