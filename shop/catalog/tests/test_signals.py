"""Rooms above hear of every change that a listing could show."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks
from wagtail.models import Page, PageViewRestriction

from shop.catalog import listing, listing_facts
from shop.catalog.models import ListingRow, ProductPage
from shop.catalog.selectors import cards
from shop.catalog.signals import products_changed
from shop.catalog.tests.factories import BrandFactory, CategoryPageFactory
from tests.factories import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]

Heard = Callable[[Callable[[], Any]], set[int]]


@pytest.fixture
def heard(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Iterator[Heard]:
    """``heard(act)`` gives the products that were named when ``act`` was done and committed."""
    ids: set[int] = set()

    def listen(product_ids: list[int], **kwargs: Any) -> None:
        ids.update(product_ids)

    def run(act: Callable[[], Any]) -> set[int]:
        ids.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act()
        return set(ids)

    products_changed.connect(listen)
    yield run
    products_changed.disconnect(listen)


def test_what_happens_to_a_product_is_told(heard: Heard, home_page: Page) -> None:
    shelf = CategoryPageFactory(parent=home_page)
    made: list[ProductPage] = []
    assert heard(lambda: made.append(make_product(parent=home_page))) == {made[0].pk}
    own = {made[0].pk}

    def page() -> ProductPage:
        return ProductPage.objects.get(pk=made[0].pk)

    assert heard(lambda: page().save_revision()) == set()
    assert heard(lambda: page().save_revision().publish()) == own
    assert heard(lambda: page().move(shelf, pos="last-child")) == own
    assert heard(lambda: page().unpublish()) == own
    assert heard(lambda: page().save()) == own
    assert heard(lambda: page().delete()) == own


def test_what_happens_to_a_category_is_told_of_the_products_in_it(heard: Heard, home_page: Page) -> None:
    kitchen = CategoryPageFactory(parent=home_page)
    mugs = CategoryPageFactory(parent=kitchen)
    inside, elsewhere = make_product(parent=mugs), make_product(parent=home_page)
    elsewhere.further_categories = [mugs]
    elsewhere.save()
    both = {inside.pk, elsewhere.pk}
    restriction = PageViewRestriction(page=kitchen, restriction_type="login")
    assert heard(restriction.save) == both
    assert heard(restriction.delete) == both
    assert heard(mugs.unpublish) == both
    assert heard(lambda: mugs.save_revision().publish()) == both
    assert heard(lambda: kitchen.move(CategoryPageFactory(parent=home_page), pos="last-child")) == both


def test_a_renamed_brand_is_told_of_its_products(heard: Heard, home_page: Page) -> None:
    brand = BrandFactory()
    product = make_product(brand=brand, parent=home_page)
    make_product(parent=home_page)
    assert heard(brand.save) == {product.pk}


def test_a_row_that_stays_as_it_is_tells_nothing(heard: Heard, home_page: Page) -> None:
    product = make_product(parent=home_page)
    assert heard(lambda: listing.refresh([product.pk])) == set()
    ListingRow.objects.update(available=False)
    assert heard(lambda: listing.refresh([product.pk])) == {product.pk}


def test_a_receiver_that_fails_stops_nobody(heard: Heard, home_page: Page) -> None:
    def fail(**kwargs: Any) -> None:
        raise RuntimeError("out of order")

    products_changed.connect(fail)
    try:
        assert heard(lambda: make_product(parent=home_page))
    finally:
        products_changed.disconnect(fail)


def test_facts_from_above_reach_row_and_card(home_page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing_facts, "_sources", {})
    known, unknown = make_product(parent=home_page), make_product(parent=home_page)
    listing_facts.register("rating", lambda ids: {known.pk: 450})
    listing_facts.register("reviews", lambda ids: {known.pk: 2})
    listing_facts.register("popularity", lambda ids: dict.fromkeys(ids, 7))
    listing.refresh([known.pk, unknown.pk])
    first, second = cards([known.pk, unknown.pk])
    assert (first.rating, first.reviews, first.low_stock) == (450, 2, False)
    assert (second.rating, second.reviews) == (None, 0)
    assert set(ListingRow.objects.values_list("popularity", flat=True)) == {7}


def test_one_source_for_each_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing_facts, "_sources", {})
    listing_facts.register("rating", dict.fromkeys)
    with pytest.raises(listing_facts.AlreadyRegistered):
        listing_facts.register("rating", lambda ids: {})
    with pytest.raises(ValueError, match="price"):
        listing_facts.register("price", dict.fromkeys)
