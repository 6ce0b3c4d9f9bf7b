"""Prices by date."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from shop.catalog.models import ListingRow
from shop.catalog.offers import Quote
from shop.catalog.selectors import cards
from shop.catalog.tests.factories import VariantFactory
from shop.money import MoneyError
from shop.pricing.models import Price
from shop.pricing.selectors import current_quotes, next_change, scheduled_prices
from shop.pricing.services import NewPrice, PriceError, set_price, set_prices
from tests.factories import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_the_current_price_is_the_latest_that_has_begun() -> None:
    variant = VariantFactory()
    now = timezone.now()
    set_price(variant=variant, amount=1000, currency="GBP", valid_from=now - timedelta(days=2))
    set_price(variant=variant, amount=900, compare_at=1000, currency="GBP", valid_from=now - timedelta(days=1))
    set_price(variant=variant, amount=800, currency="GBP", valid_from=now + timedelta(days=1))
    assert current_quotes([variant.pk]) == {variant.pk: Quote(900, "GBP", 1000)}
    assert next_change([variant.pk]) == now + timedelta(days=1)
    assert [price.amount for price in scheduled_prices([variant.pk])] == [800]
    assert current_quotes([variant.pk], at=now + timedelta(days=1))[variant.pk].amount == 800
    assert current_quotes([variant.pk], at=now - timedelta(days=3)) == {}


def test_of_two_prices_from_one_moment_the_newest_holds() -> None:
    variant = VariantFactory()
    now = timezone.now()
    set_price(variant=variant, amount=1000, currency="GBP", valid_from=now)
    set_price(variant=variant, amount=1100, currency="GBP", valid_from=now)
    assert current_quotes([variant.pk])[variant.pk].amount == 1100


def test_the_same_price_again_adds_no_row() -> None:
    variant = VariantFactory()
    first = set_price(variant=variant, amount=1000, currency="GBP")
    assert set_price(variant=variant, amount=1000, currency="GBP") == first
    set_price(variant=variant, amount=1000, compare_at=1200, currency="GBP")
    assert Price.objects.count() == 2


def test_going_back_to_an_old_price_is_a_new_row() -> None:
    variant = VariantFactory()
    for amount in (1000, 900, 1000):
        set_price(variant=variant, amount=amount, currency="GBP")
    assert list(Price.objects.order_by("pk").values_list("amount", flat=True)) == [1000, 900, 1000]


@pytest.mark.parametrize(
    ("amount", "compare_at", "error"),
    [(-1, None, "at least 0"), (10**14, None, "at most"), (1000, 1000, "higher"), (1000, 999, "higher")],
)
def test_impossible_prices_are_refused(amount: int, compare_at: int | None, error: str) -> None:
    variant = VariantFactory()
    with pytest.raises(PriceError, match=error):
        set_price(variant=variant, amount=amount, compare_at=compare_at, currency="GBP")
    with pytest.raises(PriceError, match=error):
        set_prices(prices=[NewPrice(variant.pk, amount, "GBP", compare_at)])
    assert not Price.objects.exists()


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(MoneyError, match="'QQQ'"):
        set_price(variant=VariantFactory(), amount=1, currency="QQQ")


def test_the_database_refuses_them_too() -> None:
    variant = VariantFactory()
    for wrong in ({"amount": -1}, {"amount": 5, "compare_at": 5}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Price.objects.create(variant=variant, currency="GBP", **wrong)


def test_many_prices_at_once_append_only_what_differs() -> None:
    same, other, new = VariantFactory.create_batch(3)
    set_price(variant=same, amount=1000, currency="GBP")
    set_price(variant=other, amount=1000, currency="GBP")
    wanted = [NewPrice(same.pk, 1000, "GBP"), NewPrice(other.pk, 1000, "GBP", 1500), NewPrice(new.pk, 700, "GBP")]
    assert set_prices(prices=wanted) == 2
    assert set_prices(prices=wanted) == 0
    assert current_quotes([other.pk, new.pk]) == {
        other.pk: Quote(1000, "GBP", 1500),
        new.pk: Quote(700, "GBP"),
    }


def test_a_listing_shows_a_new_price_at_once(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    product = make_product(price=1250)
    variant = product.variants.get()
    with django_capture_on_commit_callbacks(execute=True):
        set_price(variant=variant, amount=990, compare_at=1250, currency="GBP")
    row = ListingRow.objects.get(product=product)
    assert (row.price, row.compare_at, row.stale_at) == (990, 1250, None)
    with django_capture_on_commit_callbacks(execute=True):
        set_prices(prices=[NewPrice(variant.pk, 880, "GBP")])
    row.refresh_from_db()
    assert (row.price, row.compare_at) == (880, None)


def test_a_price_that_begins_by_its_date_reaches_the_card(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    product = make_product(price=1250)
    begins = timezone.now() + timedelta(hours=1)
    with django_capture_on_commit_callbacks(execute=True):
        set_price(variant=product.variants.get(), amount=990, currency="GBP", valid_from=begins)
    row = ListingRow.objects.get(product=product)
    assert (row.price, row.stale_at) == (1250, begins)
    # Two hours pass.
    Price.objects.update(valid_from=F("valid_from") - timedelta(hours=2))
    ListingRow.objects.update(stale_at=begins - timedelta(hours=2))
    [card] = cards([product.pk])
    assert card.price == 990
    row.refresh_from_db()
    assert (row.price, row.stale_at) == (990, None)
