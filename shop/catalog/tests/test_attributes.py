"""Typed attributes: what a value may be, which product has which, and what is shown of them."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks
from wagtail.models import Page

from shop.catalog import attribute_values, attributes
from shop.catalog.attribute_values import Choice, Definition
from shop.catalog.models import Attribute, ProductPage, ProductType
from shop.catalog.tests.factories import AttributeFactory, CategoryPageFactory, ProductPageFactory, ProductTypeFactory

pytestmark = pytest.mark.django_db

WOODS = (Choice("oak", "Oak"), Choice("ash", "Ash, white"), Choice("sea", "Sea", "#7fb2c8"))


def define(kind: str, **more: Any) -> Definition:
    return Definition(1, "code", "Name", kind, choices=WOODS, **more)


@pytest.mark.parametrize(
    ("kind", "raw", "stored", "text"),
    [
        ("text", "  hand  thrown ", "hand thrown", "hand thrown"),
        ("text", 12, "12", "12"),
        ("number", "2.50", 2.5, "2.5 ml"),
        ("number", "350 ml", 350, "350 ml"),
        ("number", 0, 0, "0 ml"),
        ("number", -7.125, -7.125, "-7.125 ml"),
        ("number", "1200000", 1200000, "1200000 ml"),
        ("boolean", "Yes", True, "Yes"),
        ("boolean", False, False, "No"),
        ("boolean", "0", False, "No"),
        ("choice", "oak", "oak", "Oak"),
        ("choice", "ASH, WHITE", "ash", "Ash, white"),
        ("colour", ["sea"], "sea", "Sea"),
        ("date", "2026-03-31", "2026-03-31", "31 March 2026"),
        ("date", date(2026, 3, 31), "2026-03-31", "31 March 2026"),
    ],
)
def test_values_are_stored_in_one_form_and_read_by_people(kind: str, raw: Any, stored: Any, text: str) -> None:
    attribute = define(kind, unit="ml" if kind == "number" else "")
    found = attribute_values.clean(attribute, raw)
    assert found == stored
    assert type(found) is type(stored)
    assert attribute_values.text(attribute, stored) == text
    assert attribute_values.clean(attribute, stored) == stored


@pytest.mark.parametrize("kind", [kind.value for kind in Attribute.Kind])
@pytest.mark.parametrize("raw", [None, "", "  ", []])
def test_nothing_is_nothing(kind: str, raw: Any) -> None:
    assert attribute_values.clean(define(kind), raw) is None


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("text", "a\x00b"),
        ("text", "x" * 256),
        ("number", "many"),
        ("number", "NaN"),
        ("number", "Infinity"),
        ("number", "1e9999999"),
        ("number", 10**31),
        ("number", "9" * 5000),
        ("number", "0.0000001"),
        ("number", True),
        ("number", [1]),
        ("boolean", "perhaps"),
        ("boolean", 10**31),
        ("choice", "elm"),
        ("choice", "oak, ash"),
        ("choice", ["oak", "ash"]),
        ("choice", {"a": 1}),
        ("date", "31/03/2026"),
        ("date", "2026-13-01"),
        ("date", 0),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_attributes_name(kind: str, raw: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        attribute_values.clean(define(kind), raw)
    assert refused.value.messages[0].startswith("Name: ")


@pytest.mark.parametrize("raw", ["sea|Oak", "sea, oak", ["sea", "oak", "oak"], "oak;sea"])
def test_several_choices_come_in_the_order_of_the_choices(raw: Any) -> None:
    several = define("choice", multiple=True)
    assert attribute_values.clean(several, raw) == ["oak", "sea"]
    assert attribute_values.text(several, ["oak", "sea"]) == "Oak, Sea"
    assert attribute_values.clean(several, "Ash, white") == ["ash"]


@pytest.mark.parametrize(("kind", "stored"), [("choice", "elm"), ("number", "x"), ("date", 5), ("boolean", "x")])
def test_a_stored_value_that_is_no_longer_allowed_is_not_shown(kind: str, stored: Any) -> None:
    assert attribute_values.text(define(kind), stored) == ""


@pytest.fixture
def kitchen(home_page: Page) -> Any:
    """Kitchen (material) > Mugs (capacity, required)."""
    material = AttributeFactory(code="material", name="Material", searchable=True)
    capacity = AttributeFactory(code="capacity", name="Capacity", kind="number", unit="ml")
    AttributeFactory(code="dishwasher", name="Dishwasher safe", kind="boolean", searchable=True, in_facts=False)
    ware = ProductTypeFactory(name="Kitchenware", attributes=[material])
    mug = ProductTypeFactory(name="Mug", attributes=[capacity], required=True)
    top = CategoryPageFactory(title="Kitchen", slug="kitchen", parent=home_page, product_type=ware)
    return CategoryPageFactory(title="Mugs", slug="mugs", parent=top, product_type=mug)


def test_attributes_are_inherited_down_the_tree(kitchen: Any) -> None:
    product = ProductPageFactory(parent=kitchen, attributes={"capacity": 350, "material": "Clay", "dishwasher": True})
    assert [(value.name, value.text) for value in attributes.values(product)] == [
        ("Material", "Clay"),
        ("Capacity", "350 ml"),
    ]
    found = attributes.type_of(product)
    assert found is not None
    assert found.name == "Mug"
    assert attributes.definitions().required(product.path, None) == {"capacity"}
    assert attributes.words(product) == "Clay"


def test_a_products_own_type_stands_alone(kitchen: Any) -> None:
    own = ProductTypeFactory(name="Gift", attributes=[Attribute.objects.get(code="dishwasher")])
    product = ProductPageFactory(parent=kitchen, product_type=own, attributes={"capacity": 350, "dishwasher": True})
    assert [value.code for value in attributes.values(product)] == ["dishwasher"]
    assert attributes.facts(product) == []
    assert attributes.words(product) == "Dishwasher safe"


def test_without_a_type_whatever_has_a_value_is_shown(home_page: Page) -> None:
    AttributeFactory(code="material", name="Material")
    product = ProductPageFactory(parent=home_page, attributes={"material": "Oak", "unknown": 1})
    assert [value.text for value in attributes.values(product)] == ["Oak"]
    assert attributes.type_of(product) is None
    assert attributes.type_of(ProductPage(title="Never saved")) is None


def test_definitions_cost_nothing_once_known_and_follow_changes(
    kitchen: Any,
    django_assert_num_queries: DjangoAssertNumQueries,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    product = ProductPageFactory(parent=kitchen, attributes={"capacity": 350})
    attributes.values(product)
    with django_assert_num_queries(0):
        assert attributes.values(product)[0].name == "Capacity"
    capacity = Attribute.objects.get(code="capacity")
    capacity.name = "Holds"
    with django_capture_on_commit_callbacks(execute=True):
        capacity.save()
    assert attributes.values(product)[0].name == "Holds"
    with django_capture_on_commit_callbacks(execute=True):
        ProductType.objects.get(name="Mug").delete()
    assert attributes.values(product) == []


def test_values_from_a_file_are_read_together(kitchen: Any) -> None:
    assert attributes.clean_values({"capacity": "350 ml", "material": "", "dishwasher": "yes"}) == {
        "capacity": 350,
        "dishwasher": True,
    }
    with pytest.raises(ValidationError) as refused:
        attributes.clean_values({"capacity": "much", "colour": "x", "dishwasher": "perhaps"})
    assert len(refused.value.messages) == 3
    assert attributes.clean_value(Attribute.objects.get(code="capacity"), "12") == 12


@pytest.mark.parametrize(
    "wrong",
    [{"code": "price"}, {"code": "Material"}, {"unit": "ml"}, {"multiple": True}, {"code": "a-b"}],
)
def test_definitions_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Attribute(**{"name": "Material", "code": "material", "kind": "text", **wrong}).full_clean()
