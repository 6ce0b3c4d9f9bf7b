"""Collections: by hand, by rule, and both."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from shop.catalog.badges import NEW_FOR
from shop.catalog.collection_blocks import CONDITION_BLOCKS
from shop.catalog.collections import find_ids, product_ids
from shop.catalog.models import Attribute, CategoryPage, CollectionPage, ExcludedProduct, PinnedProduct, ProductPage
from shop.catalog.signals import announce
from shop.catalog.tests.factories import BrandFactory, CategoryPageFactory, CollectionPageFactory
from tests.factories import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def rule(kind: str, **value: Any) -> dict[str, Any]:
    return {"type": kind, "value": value or None}


def titles(collection: CollectionPage) -> list[str]:
    names = dict(ProductPage.objects.values_list("pk", "title"))
    return [names[pk] for pk in find_ids(CollectionPage.objects.get(pk=collection.pk))]


def collect(*conditions: dict[str, Any], **fields: Any) -> CollectionPage:
    fields.setdefault("order", "name")
    found: CollectionPage = CollectionPageFactory(conditions=list(conditions), **fields)
    return found


def pin(collection: CollectionPage, *products: ProductPage, model: Any = PinnedProduct) -> None:
    for place, product in enumerate(products):
        model.objects.create(page=collection, product=product, sort_order=place)


@pytest.fixture
def kitchen(home_page: Page) -> CategoryPage:
    return CategoryPageFactory(title="Kitchen", slug="kitchen")


@pytest.fixture
def shelf(kitchen: CategoryPage) -> dict[str, ProductPage]:
    """Four products that differ in everything a rule can ask for."""
    pottery, mill = BrandFactory(name="Pottery"), BrandFactory(name="Mill")
    mugs = CategoryPageFactory(title="Mugs", parent=kitchen)
    made = {
        "Bowl": make_product(title="Bowl", parent=kitchen, price=2000, brand=pottery),
        "Cloth": make_product(title="Cloth", price=900, compare_at=1200, brand=mill),
        "Jug": make_product(title="Jug", parent=mugs, price=3000, stock=0, brand=pottery),
        "Mug": make_product(title="Mug", parent=mugs, price=1250),
    }
    made["Cloth"].further_categories = [kitchen]
    made["Cloth"].save()
    made["Mug"].tags.add("Gift", "blue")
    made["Bowl"].tags.add("gift")
    for product in (made["Mug"], made["Bowl"]):
        product.save()
    old, new = timezone.now() - NEW_FOR - timedelta(days=1), timezone.now() - timedelta(days=1)
    for title, product in made.items():
        ProductPage.objects.filter(pk=product.pk).update(first_published_at=new if title == "Jug" else old)
    return made


class TestRules:
    def test_each_condition(self, shelf: dict[str, ProductPage], kitchen: CategoryPage) -> None:
        pottery = shelf["Bowl"].brand_id
        for condition, expected in [
            (rule("brand", brands=[pottery]), ["Bowl", "Jug"]),
            (rule("category", categories=[kitchen.pk]), ["Bowl", "Cloth", "Jug", "Mug"]),
            (rule("category", categories=[shelf["Mug"].get_parent().pk]), ["Jug", "Mug"]),
            (rule("tag", tags="gift"), ["Bowl", "Mug"]),
            (rule("tag", tags=" BLUE , nothing"), ["Mug"]),
            (rule("tag", tags=" , "), []),
            (rule("price", lowest="12.50", highest="20"), ["Bowl", "Mug"]),
            (rule("price", lowest=None, highest="12.49"), ["Cloth"]),
            (rule("new"), ["Jug"]),
            (rule("on_sale"), ["Cloth"]),
            (rule("in_stock"), ["Bowl", "Cloth", "Mug"]),
            (rule("brand", brands=[10**9]), []),
            (rule("category", categories=[]), []),
        ]:
            assert titles(collect(condition)) == expected, condition

    def test_all_or_any(self, shelf: dict[str, ProductPage]) -> None:
        conditions = [rule("tag", tags="gift"), rule("brand", brands=[shelf["Jug"].brand_id])]
        assert titles(collect(*conditions)) == ["Bowl"]
        assert titles(collect(*conditions, match="any")) == ["Bowl", "Jug", "Mug"]

    def test_without_a_rule_nothing_is_found(self, shelf: dict[str, ProductPage]) -> None:
        assert titles(collect()) == []

    @pytest.mark.parametrize(
        ("order", "expected"),
        [
            ("name", ["Bowl", "Cloth", "Jug", "Mug"]),
            ("price", ["Cloth", "Mug", "Bowl", "Jug"]),
            ("-price", ["Jug", "Bowl", "Mug", "Cloth"]),
        ],
    )
    def test_orders(
        self, shelf: dict[str, ProductPage], kitchen: CategoryPage, order: str, expected: list[str]
    ) -> None:
        assert titles(collect(rule("category", categories=[kitchen.pk]), order=order)) == expected

    def test_every_order_works(self, shelf: dict[str, ProductPage], kitchen: CategoryPage) -> None:
        for order in CollectionPage.Order.values:
            assert len(titles(collect(rule("category", categories=[kitchen.pk]), order=order))) == 4

    def test_chosen_ones_come_first_and_excluded_ones_never(
        self, shelf: dict[str, ProductPage], kitchen: CategoryPage
    ) -> None:
        collection = collect(rule("category", categories=[kitchen.pk]))
        pin(collection, shelf["Mug"], shelf["Cloth"])
        pin(collection, shelf["Jug"], model=ExcludedProduct)
        assert titles(collection) == ["Mug", "Cloth", "Bowl"]
        shelf["Cloth"].unpublish()
        assert titles(collection) == ["Mug", "Bowl"]

    @pytest.mark.parametrize(
        ("kind", "stored", "value", "expected"),
        [
            ("text", "oak", {"values": ["oak", "ash"]}, True),
            ("text", "oak", {"values": ["oa"]}, False),
            ("boolean", True, {"values": ["True"]}, True),
            ("boolean", False, {"values": ["True"]}, False),
            ("boolean", False, {"values": ["False"]}, True),
            ("number", 250, {"values": ["250"]}, True),
            ("number", 2.5, {"values": ["2.5"]}, True),
            ("number", 250, {"values": [], "lowest": "100", "highest": "250"}, True),
            ("number", 250, {"values": [], "lowest": "251"}, False),
            ("number", 90, {"values": [], "highest": "100"}, True),
            ("date", "2026-03-31", {"values": [], "lowest": "2026-01-01", "highest": "2026-03-31"}, True),
            ("date", "2026-04-01", {"values": [], "highest": "2026-03-31"}, False),
            ("choice", "oak", {"values": ["oak"]}, True),
            ("choice", ["ash", "oak"], {"values": ["oak"]}, True),
            ("choice", ["ash", "oakum"], {"values": ["oak"]}, False),
            ("text", None, {"values": ["oak"]}, False),
        ],
    )
    @pytest.mark.parametrize("code", ["material", "in", "contains", "a__b_"])
    def test_attributes(
        self, home_page: Page, code: str, kind: str, stored: Any, value: dict[str, Any], expected: bool
    ) -> None:
        attribute = Attribute.objects.create(name="Material", code=code, kind=kind, multiple=kind == "choice")
        make_product(title="It", attributes={} if stored is None else {code: stored})
        make_product(title="Another", attributes={"other": stored})
        ends = {"lowest": "", "highest": "", **value}
        assert titles(collect(rule("attribute", attribute=attribute.pk, **ends))) == (["It"] if expected else [])

    def test_a_deleted_attribute_finds_nothing(self, home_page: Page) -> None:
        attribute = Attribute.objects.create(name="Material", code="material")
        make_product(title="It", attributes={"material": "oak"})
        collection = collect(rule("attribute", attribute=attribute.pk, values=["oak"], lowest="", highest=""))
        attribute.delete()
        assert titles(collection) == []


class TestEditing:
    @pytest.mark.parametrize(
        ("kind", "value", "field"),
        [
            ("price", {"lowest": None, "highest": None}, "lowest"),
            ("price", {"lowest": "5", "highest": "4"}, "highest"),
            ("attribute", {"values": [], "lowest": "", "highest": ""}, "values"),
            ("attribute", {"values": ["many"], "lowest": "", "highest": ""}, "values"),
            ("attribute", {"values": [], "lowest": "x", "highest": ""}, "lowest"),
        ],
    )
    def test_what_makes_no_sense_is_refused(
        self, home_page: Page, kind: str, value: dict[str, Any], field: str
    ) -> None:
        block = dict(CONDITION_BLOCKS)[kind]
        if kind == "attribute":
            attribute = Attribute.objects.create(name="Capacity", code="capacity", kind="number", unit="ml")
            value = {"attribute": attribute.pk, **value}
        with pytest.raises(ValidationError) as refused:
            block.clean(block.to_python(value))
        assert field in refused.value.block_errors  # type: ignore[attr-defined]

    def test_the_editor_shows_what_the_rule_finds(self, shelf: dict[str, ProductPage], admin_client: Client) -> None:
        collection = collect(rule("on_sale"))
        html = admin_client.get(f"/admin/pages/{collection.pk}/edit/").content.decode()
        assert "<strong>1 product</strong> in it now" in html
        assert "Cloth" in html


class TestPage:
    def test_it_lists_filters_and_leads_on(self, shelf: dict[str, ProductPage], client: Client) -> None:
        collection = collect(rule("tag", tags="gift"), title="Gifts", slug="gifts", intro="Wrapped.")
        pin(collection, shelf["Cloth"])
        page = client.get("/gifts/")
        assert [card.title for card in page.context["cards"]] == ["Cloth", "Bowl", "Mug"]
        assert '"@type":"ItemList"' in page.content.decode()
        cheap = client.get("/gifts/?price_max=10")
        assert [card.title for card in cheap.context["cards"]] == ["Cloth"]
        assert 'content="noindex, follow"' in cheap.content.decode()
        assert [card.title for card in client.get("/gifts/?sort=price").context["cards"]] == ["Cloth", "Mug", "Bowl"]
        assert client.get("/gifts/?page=2").status_code == 404
        alone = client.get("/gifts/", headers={"HX-Request": "true"}).content.decode()
        assert alone.lstrip().startswith('<div id="listing"')

    def test_pages_keep_the_order(self, home_page: Page, client: Client) -> None:
        products = [make_product(title=f"Mug {number:02}") for number in range(30)]
        collection = collect(rule("in_stock"), slug="all")
        pin(collection, products[29])
        shown = [card.title for number in (1, 2) for card in client.get(f"/all/?page={number}").context["cards"]]
        assert shown == ["Mug 29", *(f"Mug {number:02}" for number in range(29))]

    def test_it_is_remembered_until_a_product_changes(
        self, shelf: dict[str, ProductPage], django_capture_on_commit_callbacks: Callable[..., Any]
    ) -> None:
        collection = collect(rule("on_sale"))
        assert product_ids(collection) == [shelf["Cloth"].pk]
        with django_capture_on_commit_callbacks(execute=True):
            another = make_product(title="Sheet", compare_at=2000)
            announce([another.pk])
        assert product_ids(collection) == [shelf["Cloth"].pk, another.pk]

    def test_the_page_costs_the_same_for_3_and_for_24_products(
        self, kitchen: CategoryPage, query_budget: Callable[..., Any]
    ) -> None:
        collect(rule("category", categories=[kitchen.pk]), slug="all")
        for number in range(3):
            make_product(title=f"Mug {number}", parent=kitchen)
        few = query_budget("/all/", at_most=12).query_count
        for number in range(3, 24):
            make_product(title=f"Mug {number}", parent=kitchen)
        assert query_budget("/all/", at_most=12).query_count == few

    @pytest.mark.parametrize("query", ["page=x", "page=0", f"page={10**31}", "price_min=%00", "sort=%ff", "sort=best"])
    def test_rubbish(self, shelf: dict[str, ProductPage], client: Client, query: str) -> None:
        collect(rule("on_sale"), slug="sale")
        assert client.get(f"/sale/?{query}").status_code in (200, 400, 404)
