"""What may be struck through: the lowest price of the 30 days before the reduction."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoCaptureOnCommitCallbacks

from shop.catalog.models import ListingRow, Variant
from shop.catalog.offers import Quote, registry
from shop.catalog.tests.factories import VariantFactory
from shop.pricing.models import AppendOnly, Price
from shop.pricing.prior import PRIOR_PERIOD, effective, settle
from shop.pricing.services import NewPrice, PriceError, set_price, set_prices

NOW = timezone.now()
DAY = timedelta(days=1)
database = [pytest.mark.django_db, pytest.mark.database]


def prices(*rows: tuple[int, int, int | None]) -> list[Price]:
    """Days from now, amount, compare-at price."""
    return [
        Price(valid_from=NOW + days * DAY, amount=amount, compare_at=claim, currency="GBP")
        for days, amount, claim in rows
    ]


@pytest.mark.parametrize(
    ("rows", "struck"),
    [
        ([(-90, 1000, None), (0, 800, 1200)], 1000),
        # Raised for a day to make the reduction look larger.
        ([(-90, 1000, None), (-1, 1500, None), (0, 900, 1500)], 1000),
        # It was cheaper than the "sale" within those 30 days.
        ([(-90, 700, None), (-10, 1000, None), (0, 800, 1000)], None),
        # That is long ago: the price of 29 days ago counts, the one that ended 31 days ago does not.
        ([(-90, 700, None), (-31, 1000, None), (0, 800, 1000)], 1000),
        ([(-90, 700, None), (-30, 1000, None), (0, 800, 1000)], 1000),
        ([(-90, 700, None), (-29, 1000, None), (0, 800, 1000)], None),
        # A further cut is a new reduction.
        ([(-90, 1000, None), (-5, 900, 1000), (0, 800, 1000)], 900),
        # Raised during the sale: no reduction any more.
        ([(-90, 1000, None), (-5, 700, 1000), (0, 800, 1000)], None),
        # Another claim for the same amount begins nothing new.
        ([(-90, 1000, None), (-5, 800, 1000), (0, 800, 1100)], 1000),
        # What was the normal price for a while is no reduction because it is called one.
        ([(-90, 1000, None), (-40, 800, None), (0, 800, 1000)], None),
        ([(0, 800, 1000)], None),
        ([(-90, 1000, None), (0, 800, None)], None),
        # Two from one moment: the first never held.
        ([(-90, 1000, None), (-10, 100, None), (-10, 1000, None), (0, 800, 1000)], 1000),
    ],
)
def test_the_lowest_price_before_the_reduction(rows: list[tuple[int, int, int | None]], struck: int | None) -> None:
    history = prices(*rows)
    settle(history, since=history[0].valid_from)
    assert history[-1].struck == struck


def test_another_currency_is_no_prior_price() -> None:
    history = prices((-40, 1000, None), (0, 800, 1200))
    history[0].currency = "EUR"
    settle(history, since=NOW)
    assert history[-1].lowest_before is None


moments = st.integers(-100 * 24, 0).map(lambda hours: datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=hours))
amounts = st.integers(0, 9)


@given(st.lists(st.tuples(moments, amounts, st.booleans()), min_size=1, max_size=12), st.integers(0, 11))
def test_rows_settled_one_by_one_are_as_if_settled_at_once(
    drawn: list[tuple[datetime, int, bool]], position: int
) -> None:
    """And they are what a look at every hour finds."""
    rows = [
        Price(valid_from=begins, amount=amount, compare_at=10 if announced else None, currency="GBP")
        for begins, amount, announced in drawn
    ]
    for count in range(1, len(rows) + 1):
        settle(rows[:count], since=rows[count - 1].valid_from)
    timeline = effective(rows)
    for index, row in enumerate(timeline):
        first = index
        while first and _goes_on(timeline[first - 1], timeline[first]):
            first -= 1
        began = timeline[first].valid_from
        seen = [
            other.amount
            for other, after in pairwise(timeline)
            if other.valid_from < began and after.valid_from > began - PRIOR_PERIOD
        ]
        assert row.lowest_before == min(seen, default=None)


def _goes_on(before: object, row: object) -> bool:
    values = [(getattr(each, "amount"), getattr(each, "compare_at") is not None) for each in (before, row)]  # noqa: B009
    return values[0] == values[1] and values[0][1]


@pytest.mark.django_db
@pytest.mark.database
class TestStored:
    """The services keep what is derived in step, in whatever order prices are written."""

    @pytest.fixture
    def variant(self) -> Variant:
        variant: Variant = VariantFactory()
        set_price(variant=variant, amount=1000, currency="GBP", valid_from=NOW - 60 * DAY)
        return variant

    def shown(self, variant: Variant) -> Quote | None:
        return registry.offers([variant])[0].quote

    def test_shoppers_see_the_lowest_price_and_not_the_claim(self, variant: Variant) -> None:
        set_price(variant=variant, amount=800, compare_at=9900, currency="GBP")
        assert self.shown(variant) == Quote(800, "GBP", 1000)
        assert Price.objects.latest("pk").compare_at == 9900

    def test_a_price_that_is_set_between_others_changes_what_the_later_may_claim(self, variant: Variant) -> None:
        set_price(variant=variant, amount=800, compare_at=1000, currency="GBP", valid_from=NOW - DAY)
        set_price(variant=variant, amount=700, currency="GBP", valid_from=NOW - 20 * DAY)
        assert self.shown(variant) == Quote(800, "GBP", None)

    def test_many_at_once(self, variant: Variant) -> None:
        other = VariantFactory()
        set_prices(prices=[NewPrice(variant.pk, 800, "GBP", 1200), NewPrice(other.pk, 800, "GBP", 1200)])
        assert self.shown(variant) == Quote(800, "GBP", 1000)
        assert self.shown(other) == Quote(800, "GBP", None)

    def test_the_same_variant_twice_takes_the_last(self, variant: Variant) -> None:
        assert set_prices(prices=[NewPrice(variant.pk, 800, "GBP"), NewPrice(variant.pk, 700, "GBP")]) == 1
        assert self.shown(variant) == Quote(700, "GBP")

    def test_the_listing_shows_it(
        self, variant: Variant, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            set_price(variant=variant, amount=800, compare_at=1500, currency="GBP")
        assert ListingRow.objects.get(product=variant.product_id).compare_at == 1000

    def test_history_cannot_be_rewritten(self, variant: Variant) -> None:
        price = Price.objects.get()
        price.amount = 1
        with pytest.raises(AppendOnly):
            price.save()


@pytest.mark.django_db
@pytest.mark.database
class TestSales:
    """A sale that ends is two rows: it needs nobody to end it."""

    @pytest.fixture
    def variant(self) -> Variant:
        variant: Variant = VariantFactory()
        set_price(variant=variant, amount=1000, currency="GBP", valid_from=NOW - 60 * DAY)
        return variant

    def at(self, variant: Variant, days: float) -> tuple[int, int | None]:
        rows = variant.prices.filter(valid_from__lte=NOW + days * DAY).order_by("-valid_from", "-pk")
        return rows[0].amount, rows[0].struck

    def sale(self, variant: Variant, begins: float, ends: float, amount: int = 800) -> Price:
        return set_price(
            variant=variant,
            amount=amount,
            compare_at=1000,
            currency="GBP",
            valid_from=NOW + begins * DAY,
            valid_to=NOW + ends * DAY,
        )

    def test_the_old_price_comes_back(self, variant: Variant) -> None:
        sale = self.sale(variant, 2, 5)
        assert [self.at(variant, days) for days in (1, 2, 4.9, 5, 50)] == [
            (1000, None),
            (800, 1000),
            (800, 1000),
            (1000, None),
            (1000, None),
        ]
        assert [row.amount for row in sale.ended_by.all()] == [1000]

    def test_a_price_that_is_raised_before_the_sale_is_the_one_that_comes_back(self, variant: Variant) -> None:
        self.sale(variant, 2, 5)
        set_price(variant=variant, amount=1100, currency="GBP", valid_from=NOW + DAY)
        assert [self.at(variant, days) for days in (1, 2, 5)] == [(1100, None), (800, 1000), (1100, None)]

    def test_a_price_that_is_set_during_the_sale_stays_after_it(self, variant: Variant) -> None:
        self.sale(variant, 2, 5)
        set_price(variant=variant, amount=950, currency="GBP", valid_from=NOW + 3 * DAY)
        assert [self.at(variant, days)[0] for days in (2, 3, 5, 9)] == [800, 950, 950, 950]

    def test_a_sale_is_taken_back_by_the_old_price_from_its_first_day(self, variant: Variant) -> None:
        self.sale(variant, 2, 5)
        set_price(variant=variant, amount=1000, currency="GBP", valid_from=NOW + 2 * DAY)
        assert [self.at(variant, days)[0] for days in (1, 2, 5)] == [1000, 1000, 1000]

    def test_two_sales_in_turn_share_the_old_price(self, variant: Variant) -> None:
        self.sale(variant, 2, 5)
        self.sale(variant, 7, 9, amount=900)
        set_price(variant=variant, amount=1200, currency="GBP", valid_from=NOW + DAY)
        assert [self.at(variant, days)[0] for days in (1, 2, 5, 7, 9)] == [1200, 800, 1200, 900, 1200]
        # 900 is not below what was asked for in the 30 days before.
        assert self.at(variant, 7)[1] is None

    def test_a_sale_in_which_another_price_begins_is_refused(self, variant: Variant) -> None:
        set_price(variant=variant, amount=1100, currency="GBP", valid_from=NOW + 3 * DAY)
        with pytest.raises(PriceError, match="Another price begins during the sale"):
            self.sale(variant, 2, 5)
        self.sale(variant, 2, 3)
        assert [self.at(variant, days)[0] for days in (1, 2, 3)] == [1000, 800, 1100]

    def test_a_sale_needs_an_end_after_its_beginning_and_a_price_before_it(self, variant: Variant) -> None:
        with pytest.raises(PriceError, match="must end after it begins"):
            self.sale(variant, 2, 2)
        new = VariantFactory()
        with pytest.raises(PriceError, match="no price yet that could come back"):
            self.sale(new, 2, 5)
        assert not new.prices.exists()
