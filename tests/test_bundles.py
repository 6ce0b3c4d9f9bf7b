"""What a bundle is, and how many of it there are. How it is sold: ``shop/checkout/tests``."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page

from shop.catalog.bundles import COMPONENTS_MOST, BundleError, parts_of, set_components
from shop.catalog.models import BundleComponent, ListingRow, ProductPage, Variant
from shop.catalog.offers import registry
from shop.catalog.services import save_variants
from shop.inventory import services as inventory
from tests.factories import add_variant, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def variant(sku: str) -> Variant:
    return Variant.objects.get(sku=sku)


def make_bundle(**quantities: int) -> ProductPage:
    """A product whose only variant consists of these units per SKU."""
    product = make_product(title="Breakfast set", sku="SET", price=3000, stock=0)
    set_components(variant=variant("SET"), quantities=quantities)
    return ProductPage.objects.get(pk=product.pk)


@pytest.fixture
def shelf(home_page: Page) -> None:
    make_product(title="Mug", slug="mug", sku="MUG", stock=9)
    make_product(title="Plate", slug="plate", sku="PLATE", stock=5)
    make_product(title="Card", sku="CARD", stock=None)


def left(sku: str = "SET") -> int | None:
    (offer,) = registry.offers([variant(sku)])
    assert registry.offer(registry.annotate(Variant.objects.filter(sku=sku)).get()).availability == offer.availability
    return offer.availability.quantity


@pytest.mark.parametrize(
    ("quantities", "expected"),
    [
        ({"MUG": 1}, 9),
        ({"MUG": 2}, 4),
        ({"MUG": 2, "PLATE": 2}, 2),
        ({"MUG": 10}, 0),
        ({"MUG": 2, "CARD": 1}, 4),
        ({"CARD": 3}, None),
    ],
)
def test_there_are_as_many_as_the_scarcest_component_makes(
    shelf: None, quantities: dict[str, int], expected: int | None
) -> None:
    make_bundle(**quantities)
    assert left() == expected


def test_a_component_without_a_stock_record_is_sold_out(shelf: None) -> None:
    make_product(sku="NEVER", stock=0)
    make_bundle(MUG=1, NEVER=1)
    assert left() == 0


def test_stock_of_its_own_counts_for_nothing(shelf: None) -> None:
    make_bundle(PLATE=1)
    inventory.adjust(sku="SET", quantity=50)
    assert left() == 5


@pytest.mark.parametrize(
    ("sku", "quantities", "message"),
    [
        ("SET", {"SET": 1}, "A bundle cannot contain itself."),
        ("SET", {"NOTHING": 1}, "There is no SKU NOTHING."),
        ("SET", {"MUG": 0}, "Enter a quantity from 1 to 99."),
        ("SET", {"MUG": 100}, "Enter a quantity from 1 to 99."),
        ("PLATE", {"SET": 1}, "SET is a bundle. Name what is in it instead."),
        ("MUG", {"PLATE": 1}, "MUG is in the bundle SET, so it cannot be a bundle itself."),
        ("SET", {f"X{n}": 1 for n in range(COMPONENTS_MOST + 1)}, "A bundle has at most 20 different components."),
    ],
)
def test_what_a_bundle_may_not_contain(shelf: None, sku: str, quantities: dict[str, int], message: str) -> None:
    make_bundle(MUG=2)
    with pytest.raises(BundleError) as refused:
        set_components(variant=variant(sku), quantities=quantities)
    assert str(refused.value) == message
    assert list(BundleComponent.objects.values_list("bundle__sku", "sku", "quantity")) == [("SET", "MUG", 2)]


def test_a_bundle_can_become_an_ordinary_product_again(shelf: None) -> None:
    make_bundle(MUG=1)
    set_components(variant=variant("SET"), quantities={})
    assert parts_of([variant("SET").pk]) == {}
    assert left() == 0


def test_a_component_keeps_its_place_when_its_sku_changes(shelf: None) -> None:
    make_bundle(MUG=3)
    save_variants(changes=[(variant("MUG"), {"sku": "MUG-2"})])
    assert left() == 3


def test_the_listing_follows_the_components(
    shelf: None, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        product = make_bundle(MUG=4)

    def available() -> bool:
        return ListingRow.objects.get(pk=product.pk).available

    assert available()
    with django_capture_on_commit_callbacks(execute=True):
        inventory.adjust(sku="MUG", quantity=-6)  # three are left: fewer than one set
    assert not available()
    with django_capture_on_commit_callbacks(execute=True):
        inventory.set_stock(levels={"MUG": 4})
    assert available()


def test_the_page_says_what_is_in_it(shelf: None, client: Client) -> None:
    make_bundle(MUG=2, PLATE=1)
    html = client.get("/breakfast-set/").content.decode()
    assert "What is in it" in html
    assert '<a href="/mug/">Mug</a>' in html
    assert "2 ×" in html


def test_other_products_pay_nothing_for_it(shelf: None, query_budget: Callable[..., Any]) -> None:
    ordinary = query_budget("/mug/", at_most=8).query_count
    bundle = make_bundle(MUG=2, PLATE=1)
    assert query_budget("/mug/", at_most=8).query_count == ordinary
    few = query_budget("/breakfast-set/", at_most=10).query_count
    for number in range(5):
        add_variant(bundle, sku=f"SET-{number}", options=[("Size", str(number))], stock=0)
        set_components(variant=variant(f"SET-{number}"), quantities={"MUG": 1, "PLATE": 1, "CARD": 1})
    assert query_budget("/breakfast-set/", at_most=10).query_count == few
