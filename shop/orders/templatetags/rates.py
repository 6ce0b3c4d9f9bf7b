"""``{{ rate|percent }}``: basis points as a person reads them."""

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def percent(rate: int | None) -> str:
    """``{{ 2000|percent }}`` is ``20%``, ``{{ 550|percent }}`` is ``5.5%``; empty without a rate."""
    if not isinstance(rate, int):
        return ""
    return f"{(Decimal(rate) / 100).normalize():f}%"
