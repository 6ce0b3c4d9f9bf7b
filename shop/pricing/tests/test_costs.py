"""What variants cost the shop, and what is left of a price."""

from decimal import Decimal

import pytest

from shop.catalog.tests.factories import VariantFactory
from shop.catalog.variant_columns import RowChange
from shop.pricing.cost_columns import CostColumns
from shop.pricing.costs import costs_of, set_cost, set_costs
from shop.pricing.margin import margin
from shop.pricing.models import VariantCost
from shop.pricing.timeline import PriceError


@pytest.mark.parametrize(
    ("amount", "cost", "rate", "left"),
    [
        (1200, 500, 2000, Decimal("50.0")),
        (1000, 400, 0, Decimal("60.0")),
        (1200, 1500, 2000, Decimal("-50.0")),
        (1200, None, 2000, None),
        (None, 500, 2000, None),
        (0, 500, 2000, None),
        (1, 0, 2000, Decimal("100.0")),
    ],
)
def test_the_margin_is_of_the_price_without_tax(
    amount: int | None, cost: int | None, rate: int, left: Decimal | None
) -> None:
    assert margin(amount=amount, cost=cost, rate=rate) == left


@pytest.mark.django_db
@pytest.mark.database
class TestStored:
    def test_a_cost_is_set_changed_and_forgotten(self) -> None:
        one, other = VariantFactory.create_batch(2)
        set_costs(costs={one.pk: 400, other.pk: 500}, currency="GBP")
        set_cost(variant_id=one.pk, amount=450, currency="GBP")
        set_cost(variant_id=other.pk, amount=None, currency="GBP")
        assert costs_of(variant_ids=[one.pk, other.pk], currency="GBP") == {one.pk: 450}
        assert costs_of(variant_ids=[one.pk], currency="EUR") == {}

    def test_a_cost_below_nothing_is_refused(self) -> None:
        with pytest.raises(PriceError, match="at least 0"):
            set_cost(variant_id=VariantFactory().pk, amount=-1, currency="GBP")
        assert not VariantCost.objects.exists()

    def test_many_rows_of_the_table_are_stored_or_refused(self) -> None:
        variant = VariantFactory()
        rows = [RowChange(variant, {"pricecost_amount": 400}, {}, {"pricecost_amount"})]
        assert CostColumns().save_all(rows=rows, shared={}, user=None) == {}
        assert costs_of(variant_ids=[variant.pk], currency="GBP") == {variant.pk: 400}
        wrong = [RowChange(variant, {"pricecost_amount": 10**14}, {}, {"pricecost_amount"})]
        assert list(CostColumns().save_all(rows=wrong, shared={}, user=None)) == [variant.pk]
