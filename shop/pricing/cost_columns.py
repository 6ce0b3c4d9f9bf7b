"""What a variant costs the shop, beside its price on the product's screen."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms

from cms.selectors import shop_currency
from shop.catalog.models import Variant
from shop.catalog.variant_columns import RowChange, VariantColumns
from shop.money import MoneyError, format_money
from shop.pricing.columns import AmountField
from shop.pricing.costs import costs_of, set_cost, set_costs
from shop.pricing.margin import margin, tax_rates
from shop.pricing.selectors import current_quotes
from shop.pricing.timeline import PriceError


class CostColumns(VariantColumns):
    """The purchase price without tax. Below it: what is left of the present price."""

    # Stands after the price.
    code = "pricecost"
    permission = "pricing.change_variantcost"

    def fields(self) -> dict[str, forms.Field]:
        currency = shop_currency()
        return {"pricecost_amount": AmountField(label="Cost", currency=currency, required=False)}

    def current(self, variants: Collection[Variant]) -> Mapping[int, Mapping[str, Any]]:
        found = costs_of(variant_ids=[variant.pk for variant in variants], currency=shop_currency())
        return {pk: {"pricecost_amount": amount} for pk, amount in found.items()}

    def notes(self, variants: Collection[Variant]) -> Mapping[int, Mapping[str, str]]:
        ids = [variant.pk for variant in variants]
        costs = costs_of(variant_ids=ids, currency=shop_currency())
        if not costs:
            return {}
        rates = tax_rates(list(costs))
        notes = {}
        for pk, quote in current_quotes(list(costs)).items():
            if (left := margin(amount=quote.amount, cost=costs[pk], rate=rates.get(pk, 0))) is not None:
                notes[pk] = {"pricecost_amount": f"margin {left} %"}
        return notes

    def text(self, name: str, value: Any) -> str:
        return "" if value is None else format_money(value, shop_currency())

    def check(self, **changes: Any) -> None:
        """Any amount makes sense, also one above the price."""

    def save(
        self,
        *,
        variant: Variant,
        values: Mapping[str, Any],
        before: Mapping[str, Any],
        changed: Collection[str],
        shared: Mapping[str, Any],
        user: Any,
    ) -> None:
        set_cost(variant_id=variant.pk, amount=values["pricecost_amount"], currency=shop_currency(), user=user)

    def save_all(self, *, rows: Sequence[RowChange], shared: Mapping[str, Any], user: Any) -> dict[int, str]:
        """A handful of queries for all rows."""
        costs = {row.variant.pk: row.values["pricecost_amount"] for row in rows}
        try:
            set_costs(costs=costs, currency=shop_currency(), user=user)
        except (PriceError, MoneyError) as error:
            return {rows[0].variant.pk: str(error)}
        return {}
