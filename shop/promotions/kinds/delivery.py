"""Kinds that make delivery cheaper."""

from django import forms

from shop.money_fields import MoneyField
from shop.promotions.kinds.base import Arguments, Kind, Target, money_text


class FreeDelivery(Kind):
    """The delivery charge, or so much of it."""

    code = "free_delivery"
    label = "Free delivery"
    description = "Delivery costs nothing, or less, for an order with the products that it is for."
    target = Target.DELIVERY

    def fields(self, currency: str) -> dict[str, forms.Field]:
        return {
            "most": MoneyField(
                least=1,
                label="At most",
                currency=currency,
                required=False,
                help_text="How much of the charge is taken off. Empty: all of it.",
            )
        }

    def benefit(self, arguments: Arguments, currency: str) -> str:
        most = arguments.get("most")
        return f"up to {money_text(most, currency)} off delivery" if most else "free delivery"

    def delivery_saving(self, charge: int, arguments: Arguments) -> int:
        most = arguments.get("most")
        return charge if most is None else min(charge, most)
