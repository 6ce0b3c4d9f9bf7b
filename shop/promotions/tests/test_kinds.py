"""What each kind takes off, to the penny."""

from typing import Any

import pytest
from django import forms

from shop.promotions.kinds import AlreadyRegistered, Kind, KindRegistry, Line, UnknownKind, registry
from shop.promotions.kinds.reductions import PercentOff


def lines(*found: tuple[str, int, int]) -> list[Line]:
    """SKU, units, and what they cost together."""
    return [Line(sku, sku.title(), quantity, amount) for sku, quantity, amount in found]


MUGS = lines(("MUG", 2, 2500))
MIXED = lines(("MUG", 2, 2500), ("BOWL", 1, 800), ("PLATE", 3, 2700))

SAVINGS: list[tuple[str, dict[str, Any], list[Line], dict[str, int]]] = [
    ("percent", {"percent": 1000}, MUGS, {"MUG": 250}),
    # 10 % of 60.00, spread by what the lines cost.
    ("percent", {"percent": 1000}, MIXED, {"MUG": 250, "BOWL": 80, "PLATE": 270}),
    # Half a penny goes up, once for all: 2.5 % of 9.99 is 0.24975; of 0.33 three times 0.02475.
    ("percent", {"percent": 250}, lines(("A", 1, 333), ("B", 1, 333), ("C", 1, 333)), {"A": 9, "B": 8, "C": 8}),
    ("percent", {"percent": 5000}, lines(("A", 1, 1)), {"A": 1}),
    ("percent", {"percent": 4900}, lines(("A", 1, 1)), {}),
    ("percent", {"percent": 5000, "most": 1000}, MIXED, {"MUG": 417, "BOWL": 133, "PLATE": 450}),
    ("percent", {"percent": 10000}, MUGS, {"MUG": 2500}),
    ("amount", {"amount": 500}, MUGS, {"MUG": 500}),
    ("amount", {"amount": 9999}, MUGS, {"MUG": 2500}),
    ("amount", {"amount": 100}, lines(("A", 1, 1000), ("B", 1, 1000), ("C", 1, 1000)), {"A": 34, "B": 33, "C": 33}),
    ("fixed_price", {"price": 1000}, MIXED, {"MUG": 500}),
    ("fixed_price", {"price": 0}, MUGS, {"MUG": 2500}),
    ("buy_get", {"buy": 2, "get": 1, "percent": 10000}, MUGS, {}),
    # Six units, two rounds: the cheapest two are the bowl and a plate.
    ("buy_get", {"buy": 2, "get": 1, "percent": 10000}, MIXED, {"BOWL": 800, "PLATE": 900}),
    ("buy_get", {"buy": 2, "get": 1, "percent": 10000, "times": 1}, MIXED, {"BOWL": 800}),
    ("buy_get", {"buy": 1, "get": 1, "percent": 5000}, MUGS, {"MUG": 625}),
    ("buy_get", {"buy": 1, "get": 1, "percent": 5000}, lines(("A", 2, 3)), {"A": 1}),
    ("bundle_price", {"units": 2, "price": 2000}, MUGS, {"MUG": 500}),
    # The dearest three first: two mugs and a plate for 34.00, then the other three for 26.00.
    ("bundle_price", {"units": 3, "price": 2000}, MIXED, {"MUG": 833, "BOWL": 267, "PLATE": 900}),
    ("bundle_price", {"units": 3, "price": 2000, "times": 1}, MIXED, {"MUG": 1029, "PLATE": 371}),
    ("bundle_price", {"units": 3, "price": 3000}, MIXED, {"MUG": 294, "PLATE": 106}),
    ("bundle_price", {"units": 2, "price": 9000}, MIXED, {}),
    ("bundle_price", {"units": 7, "price": 1}, MIXED, {}),
]


@pytest.mark.parametrize(("code", "arguments", "found", "saved"), SAVINGS)
def test_savings(code: str, arguments: dict[str, Any], found: list[Line], saved: dict[str, int]) -> None:
    assert registry.get(code).saving(found, arguments) == saved


@pytest.mark.parametrize(("arguments", "charge", "saved"), [({}, 395, 395), ({"most": 300}, 395, 300), ({}, 0, 0)])
def test_delivery(arguments: dict[str, int], charge: int, saved: int) -> None:
    assert registry.get("free_delivery").delivery_saving(charge, arguments) == saved


BENEFITS = [
    ("percent", {"percent": 1750}, "17.5 % off"),
    ("percent", {"percent": 2000, "most": 5000}, "20 % off (at most £50)"),
    ("amount", {"amount": 550}, "£5.50 off"),
    ("fixed_price", {"price": 1000}, "£10 each"),
    ("buy_get", {"buy": 2, "get": 1, "percent": 10000}, "buy 2, get 1 free"),
    ("buy_get", {"buy": 1, "get": 1, "percent": 5000}, "buy 1, get 1 half price"),
    ("buy_get", {"buy": 1, "get": 1, "percent": 3000}, "buy 1, get 1 at 30 % off"),
    ("bundle_price", {"units": 3, "price": 1000}, "any three for £10"),
    ("free_delivery", {}, "free delivery"),
    ("free_delivery", {"most": 300}, "up to £3 off delivery"),
]


@pytest.mark.parametrize(("code", "arguments", "words"), BENEFITS)
def test_benefits_in_words(code: str, arguments: dict[str, int], words: str) -> None:
    assert registry.get(code).benefit(arguments, "GBP") == words


MISSING = [
    ("buy_get", {"buy": 2, "get": 1}, 1, 0),
    ("buy_get", {"buy": 2, "get": 1}, 2, 1),
    ("buy_get", {"buy": 2, "get": 1}, 3, 0),
    ("buy_get", {"buy": 2, "get": 1}, 5, 1),
    ("buy_get", {"buy": 2, "get": 1, "times": 1}, 5, 0),
    ("buy_get", {"buy": 2, "get": 2}, 3, 1),
    ("bundle_price", {"units": 3}, 1, 2),
    ("bundle_price", {"units": 3}, 2, 1),
    ("bundle_price", {"units": 3}, 3, 0),
    ("bundle_price", {"units": 10}, 1, 0),
    ("bundle_price", {"units": 3, "times": 1}, 5, 0),
    ("percent", {"percent": 1}, 5, 0),
]


@pytest.mark.parametrize(("code", "arguments", "units", "missing"), MISSING)
def test_what_is_missing(code: str, arguments: dict[str, int], units: int, missing: int) -> None:
    assert registry.get(code).missing(lines(("MUG", units, units * 100)), arguments) == missing


def test_a_large_cart_is_quick() -> None:
    """A hundred lines of 99 units: the search for the last set that saves something halves what is left."""
    many = lines(*((f"S{number:03}", 99, 99 * (100 + number)) for number in range(100)))
    saved = registry.get("bundle_price").saving(many, {"units": 2, "price": 100})
    assert sum(saved.values()) == sum(line.amount for line in many) - 4950 * 100


class TestRegistry:
    def test_double_registration_is_refused(self) -> None:
        kinds = KindRegistry()
        kinds.register(PercentOff())
        with pytest.raises(AlreadyRegistered, match="percent"):
            kinds.register(PercentOff())

    @pytest.mark.parametrize("code", ["", "with blank", "x" * 31, "9lives"])
    def test_codes_that_cannot_be_stored(self, code: str) -> None:
        kind = type("Odd", (PercentOff,), {"code": code})()
        with pytest.raises(ValueError, match="is no code"):
            KindRegistry().register(kind)

    def test_an_unknown_kind(self) -> None:
        with pytest.raises(UnknownKind, match="nonsense"):
            registry.get("nonsense")
        assert "nonsense" not in registry

    @pytest.mark.parametrize("kind", list(registry), ids=lambda kind: kind.code)
    def test_every_kind_explains_itself(self, kind: Kind) -> None:
        assert kind.label
        assert kind.description.endswith(".")
        assert all(isinstance(field, forms.Field) and field.label for field in kind.fields("GBP").values())
