"""The demo's real merchandising file, without its pictures: everything that it names is there."""

import tomllib
from typing import Any

import pytest

from demo.content import CONTENT, FILES, read_content
from shop.catalog.collection_blocks import CONDITION_BLOCKS


@pytest.fixture(scope="module")
def content() -> dict[str, Any]:
    with (CONTENT / "merchandising.toml").open("rb") as file:
        return tomllib.load(file)


def products() -> dict[str, Any]:
    return {entry["slug"]: entry for entry in read_content().catalogue["products"]}


def test_every_product_and_sku_exists(content: dict[str, Any]) -> None:
    known = products()
    skus = {variant["sku"] for entry in known.values() for variant in entry["variants"]}
    named = {*content["values"], *(slug for slugs in content["tags"].values() for slug in slugs)}
    named |= {entry["product"] for kind in ("related", "reviews") for entry in content[kind]}
    named |= {slug for entry in content["related"] for name in ("beside", "in_cart") for slug in entry.get(name, [])}
    named |= {slug for entry in content["collections"] for slug in entry.get("products", [])}
    assert named - set(known) == set()
    parts = {sku for entry in content["bundles"] for sku in entry["components"]}
    assert {entry["sku"] for kind in ("bundles", "downloads") for entry in content[kind]} | parts <= skus


def test_values_are_of_attributes_that_exist(content: dict[str, Any]) -> None:
    choices = {entry["code"]: {value for value, _ in entry.get("choices", [])} for entry in content["attributes"]}
    for slug, values in content["values"].items():
        assert set(values) <= set(choices), slug
        for code, value in values.items():
            if choices[code]:
                assert set(value if isinstance(value, list) else [value]) <= choices[code], (slug, code)


def test_types_hang_on_categories(content: dict[str, Any]) -> None:
    categories = {entry["slug"] for entry in read_content().catalogue["categories"]}
    assert {slug for entry in content["types"] for slug in entry["categories"]} <= categories


def test_conditions_are_of_kinds_that_exist(content: dict[str, Any]) -> None:
    kinds = {name for name, _ in CONDITION_BLOCKS}
    assert {each["type"] for entry in content["collections"] for each in entry.get("conditions", [])} <= kinds


def test_the_set_costs_less_than_its_parts(content: dict[str, Any]) -> None:
    """Its page says so."""
    prices = {v["sku"]: float(v["price"]) for entry in products().values() for v in entry["variants"]}
    (entry,) = content["bundles"]
    parts = sum(prices[sku] * units for sku, units in entry["components"].items())
    assert parts - prices[entry["sku"]] == 16


def test_downloads_are_there(content: dict[str, Any]) -> None:
    for entry in content["downloads"]:
        assert (FILES / entry["file"]).read_bytes().startswith(b"%PDF-")
