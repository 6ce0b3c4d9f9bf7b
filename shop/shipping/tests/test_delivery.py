"""What delivery costs in a cart: each kind, each zone, and the way that is taken where nobody has chosen."""

from dataclasses import replace
from typing import Any

import pytest

from shop.cart.buyer import ANONYMOUS
from shop.cart.contents import Adjustment, Cart, CartLine
from shop.cart.selectors import build_cart
from shop.shipping.delivery import add_delivery
from shop.shipping.kinds.base import AlreadyRegistered, KindRegistry
from shop.shipping.kinds.builtin import Flat
from shop.shipping.models import DeliveryMethod, ShippingZone
from shop.shipping.selectors import amount_until_free, options_of, served_countries
from shop.shipping.tests.factories import make_method, make_zone, only_method
from tests.factories import make_product

pytestmark = pytest.mark.django_db


def cart(*amounts: int, sold_out: int = 0, weight: int | None = None, **buyer: Any) -> Cart:
    """A cart of one line per amount, and one of ``sold_out`` that cannot be bought."""
    lines = [
        CartLine(f"S{n}", "Mug", "", "", None, amount, None, 1, 9, weight=weight) for n, amount in enumerate(amounts)
    ]
    if sold_out:
        lines.append(CartLine("GONE", "Lamp", "", "", None, sold_out, None, 1, 0))
    return Cart(lines=tuple(lines), currency="GBP", buyer=replace(ANONYMOUS, **buyer))


def charge(cart: Cart) -> int | None:
    found = add_delivery(cart).adjustment("delivery")
    return found.amount if found else None


class TestKinds:
    @pytest.mark.parametrize(
        ("kind", "arguments", "goods", "weight", "expected"),
        [
            ("flat", {"price": 395}, 10**9, 0, 395),
            ("flat", {"price": 0}, 1, 0, 0),
            ("free-from", {"price": 395, "free_from": 5000}, 4999, 0, 395),
            ("free-from", {"price": 395, "free_from": 5000}, 5000, 0, 0),
            ("free-from", {"price": 395, "free_from": 0}, 1, 0, 0),
            ("weight", {"bands": [[2000, 395], [10000, 895]]}, 1, 2000, 395),
            ("weight", {"bands": [[2000, 395], [10000, 895]]}, 1, 2001, 895),
            ("weight", {"bands": [[2000, 395], [10000, 895]]}, 1, 10001, None),
            ("weight", {"bands": [[2000, 395], [None, 1895]]}, 1, 10**8, 1895),
            ("weight", {"bands": [[2000, 395]]}, 1, None, 395),
            ("value", {"bands": [[2000, 495], [5000, 295], [None, 0]]}, 2000, 0, 495),
            ("value", {"bands": [[2000, 495], [5000, 295], [None, 0]]}, 2001, 0, 295),
            ("value", {"bands": [[2000, 495], [5000, 295], [None, 0]]}, 5001, 0, 0),
            ("value", {"bands": [[2000, 495]]}, 2001, 0, None),
        ],
    )
    def test_the_charge(
        self, home_page: object, kind: str, arguments: Any, goods: int, weight: int | None, expected: int | None
    ) -> None:
        only_method(kind, **arguments)
        assert charge(cart(goods, weight=weight)) == expected

    def test_what_nothing_takes_cannot_be_delivered(self, home_page: object) -> None:
        only_method("value", bands=[[2000, 495]])
        found = add_delivery(cart(2001))
        assert (found.delivery, found.adjustments, found.is_undeliverable) == (None, (), True)

    def test_collecting(self, home_page: object) -> None:
        only_method("collect", "Collect", price=0, address="Tavern Street \n\nIpswich", opening="9 to 5")
        found = add_delivery(cart(1000, country="GB"))
        assert found.delivery is not None
        assert (found.delivery.place, found.delivery.is_collected) == ("Tavern Street\nIpswich\n9 to 5", True)
        assert found.adjustment("delivery") == Adjustment("delivery", "Collect", 0)

    @pytest.mark.parametrize(
        ("kind", "arguments", "goods", "expected"),
        [
            ("flat", {"price": 395}, 1000, None),
            ("free-from", {"price": 395, "free_from": 5000}, 1000, 4000),
            ("free-from", {"price": 395, "free_from": 5000}, 6000, 0),
            ("value", {"bands": [[2000, 495], [None, 0]]}, 1500, 501),
            ("value", {"bands": [[2000, 495], [None, 100]]}, 1500, None),
        ],
    )
    def test_how_much_is_missing(
        self, home_page: object, kind: str, arguments: Any, goods: int, expected: int | None
    ) -> None:
        only_method(kind, **arguments)
        assert amount_until_free(add_delivery(cart(goods))) == expected

    def test_a_kind_registers_once(self) -> None:
        registry = KindRegistry()
        registry.register(Flat)
        with pytest.raises(AlreadyRegistered, match="flat"):
            registry.register(Flat)

    def test_a_kind_whose_code_is_gone_is_not_offered(self, home_page: object) -> None:
        only_method("drone", height=3)
        assert charge(cart(1000)) is None


class TestZones:
    @pytest.fixture
    def zones(self, home_page: object) -> None:
        ShippingZone.objects.all().delete()
        for name, countries, price in (("Britain", ["GB"], 395), ("Europe", ["DE", "FR"], 995), ("World", [], 1995)):
            make_method(make_zone(name, *countries), name, price=price)
        make_method(make_zone("Islands", "GB", postcodes="JE, GY\nIV2"), "Boat", price=1495)

    @pytest.mark.parametrize(
        ("country", "postcode", "amount"),
        [
            ("", "", 395),
            ("GB", "IP4 1AA", 395),
            ("GB", "JE2 3AB", 1495),
            ("GB", "iv2 7pl", 1495),
            ("GB", "IV1 1AA", 395),
            ("DE", "10115", 995),
            ("JP", "100-0001", 1995),
        ],
    )
    def test_the_closest_zone_counts(self, zones: None, country: str, postcode: str, amount: int) -> None:
        assert charge(cart(1000, country=country, postcode=postcode)) == amount

    def test_the_rest_of_the_world_has_what_no_zone_has(self, zones: None) -> None:
        codes = {code for code, _ in served_countries()}
        assert {"GB", "DE", "JP", "US"} <= codes
        DeliveryMethod.objects.filter(zone__name="Europe").update(active=False)
        codes = {code for code, _ in served_countries()}
        assert "DE" not in codes
        assert charge(cart(1000, country="DE")) is None

    def test_only_served_countries_are_named(self, zones: None) -> None:
        ShippingZone.objects.filter(rest_of_world=True).delete()
        assert served_countries() == [("FR", "France"), ("DE", "Germany"), ("GB", "United Kingdom")]

    def test_nothing_is_set_up(self, home_page: object) -> None:
        ShippingZone.objects.all().delete()
        assert served_countries() == []
        assert add_delivery(cart(1000)).is_undeliverable


class TestChoice:
    def test_the_cheapest_that_comes_to_the_door_until_somebody_chooses(self, home_page: object) -> None:
        standard = only_method(label="Standard")
        express = make_method(standard.zone, "Express", price=795)
        make_method(standard.zone, "Collect", "collect", price=0, address="Here")
        found = add_delivery(cart(1000))
        assert found.adjustment("delivery") == Adjustment("delivery", "Delivery from", 395)
        assert found.delivery is not None
        assert found.delivery.label == "Standard"
        chosen = add_delivery(cart(1000, delivery=express.code))
        assert chosen.adjustment("delivery") == Adjustment("delivery", "Express", 795)
        assert chosen.fingerprint != found.fingerprint

    def test_a_way_that_is_gone_is_not_taken(self, home_page: object) -> None:
        standard = only_method(label="Standard")
        found = add_delivery(cart(1000, delivery="flat-999999"))
        assert found.delivery is not None
        assert found.delivery.code == standard.code

    def test_same_price_other_way_other_fingerprint(self, home_page: object) -> None:
        one = only_method(label="One")
        two = make_method(one.zone, "Two")
        assert (
            add_delivery(cart(1000, delivery=one.code)).fingerprint
            != add_delivery(cart(1000, delivery=two.code)).fingerprint
        )


def test_only_what_can_be_bought_counts_towards_free_delivery(home_page: object) -> None:
    assert charge(cart(4000, sold_out=9000)) == 395
    assert charge(cart(sold_out=9000)) is None


def test_it_is_part_of_every_cart(home_page: object) -> None:
    make_product(sku="MUG", price=1250)
    found = build_cart(items={"MUG": 1})
    assert [(each.code, each.amount, each.included) for each in found.adjustments] == [
        ("delivery", 395, False),
        ("tax", 274, True),
    ]
    assert found.total == 1645


def test_any_number_of_ways_costs_two_queries(home_page: object, django_assert_num_queries: Any) -> None:
    zone = only_method().zone
    basket = cart(1000)
    options_of(basket)
    with django_assert_num_queries(2):
        options_of(basket)
    for number in range(8):
        make_method(zone, f"Way {number}")
        make_zone(f"Zone {number}", "FR", postcodes=str(number))
    with django_assert_num_queries(2):
        assert len(options_of(basket)) == 9
