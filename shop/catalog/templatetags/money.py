"""``{{ amount|money:currency }}``: minor units as a person reads them."""

from django import template

from shop.money import MoneyError, format_money, reduction

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


@register.filter
def percent_off(amount: int | None, prior: int | None) -> str:
    """``{{ 1000|percent_off:1250 }}`` is ``−20%``; empty where less than one per cent is saved."""
    if not isinstance(amount, int) or not isinstance(prior, int):
        return ""
    percent = reduction(amount, prior)
    return f"−{percent}%" if percent else ""
