"""Promotions in the cart: who gets what, and what the buyer is told."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.accounts.tests.factories import UserFactory
from shop.cart.buyer import Buyer
from shop.cart.contents import DELIVERY, Cart
from shop.cart.selectors import build_cart
from shop.catalog.models import Brand, CategoryPage, CollectionPage, ExcludedProduct, PinnedProduct, ProductPage
from shop.catalog.tests.factories import CategoryPageFactory, CollectionPageFactory
from shop.promotions.models import Coupon, Promotion
from shop.promotions.tests.factories import make_promotion
from shop.promotions.wording import headline
from tests.factories import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def _products(home_page: object) -> None:
    kitchen = CategoryPageFactory(title="Kitchen")
    mugs = CategoryPageFactory(title="Mugs", parent=kitchen)
    garden = CategoryPageFactory(title="Garden")
    pottery = Brand.objects.create(name="Aldeburgh Pottery", slug="aldeburgh")
    make_product(sku="MUG", title="Mug", price=1000, stock=50, parent=mugs, brand=pottery)
    make_product(sku="PAN", title="Pan", price=4000, stock=50, parent=kitchen)
    make_product(sku="POT", title="Pot", price=2000, stock=50, parent=garden, compare_at=2500)


UNKNOWN = "We do not know the code TEN, or it can no longer be used. Check it letter by letter."


def cart(codes: str = "", *, buyer: dict[str, Any] | None = None, **items: int) -> Cart:
    return build_cart(items=items, buyer=Buyer(codes=tuple(codes.split()), **(buyer or {})))


def off(found: Cart) -> dict[str, int]:
    return {line.sku: line.discount for line in found.lines if line.discount}


def hints(found: Cart) -> list[str]:
    """What promotions say; the shop's own way to free delivery has a test of its own."""
    return [hint.message for hint in found.hints if hint.about != DELIVERY]


def blocks(**named: Any) -> list[dict[str, Any]]:
    return [{"type": kind, "value": value, "id": kind} for kind, value in named.items()]


def category(title: str) -> int:
    return CategoryPage.objects.get(title=title).pk


def test_the_delivery_is_called_as_promotions_expect() -> None:
    assert cart(MUG=1).adjustment(DELIVERY) is not None


def test_a_cart_without_promotions_costs_one_query() -> None:
    from shop.promotions.adjusters import discount_delivery, discount_goods

    found = cart(MUG=2)
    with CaptureQueriesContext(connection) as seen:
        assert discount_delivery(discount_goods(replace(found, hints=()))) == found
    assert len(seen) == 1


def test_ten_percent_off_everything() -> None:
    promotion = make_promotion()
    found = cart(MUG=2, POT=1)
    assert off(found) == {"MUG": 200, "POT": 200}
    assert (found.subtotal, found.goods_total, found.discount_total) == (4000, 3600, 400)
    [discount] = found.discounts
    assert (discount.code, discount.label, discount.amount) == (f"promotion:{promotion.pk}", "Ten off", 400)
    assert dict(discount.lines) == {"MUG": 200, "POT": 200}
    assert found.total == 3600 + 395


class TestProducts:
    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({"applies_to": {"categories": ["Kitchen"]}}, {"MUG", "PAN"}),
            ({"applies_to": {"categories": ["Mugs", "Garden"]}}, {"MUG", "POT"}),
            ({"applies_to": {"brands": ["brand"]}}, {"MUG"}),
            ({"applies_to": {"skus": "POT, PAN\nNOPE"}}, {"PAN", "POT"}),
            ({"applies_to": {"brands": ["brand"], "skus": "POT"}}, {"MUG", "POT"}),
            ({"applies_to": {"categories": ["Kitchen"], "skus": "PAN\nPOT"}, "match": "all"}, {"PAN"}),
            ({"not_for": {"categories": ["Kitchen"]}}, {"POT"}),
            ({"applies_to": {"categories": ["Kitchen"]}, "not_for": {"skus": "PAN"}}, {"MUG"}),
            ({"leave_out_reduced": True}, {"MUG", "PAN"}),
            ({"applies_to": {"categories": [10**9]}}, set()),
        ],
    )
    def test_for_some(self, fields: dict[str, Any], expected: set[str]) -> None:
        brand = Brand.objects.get().pk
        keys = {"brand": brand}
        for name in ("applies_to", "not_for"):
            stream = dict(fields.get(name, {}))
            if "categories" in stream:
                stream["categories"] = [
                    each if isinstance(each, int) else category(each) for each in stream["categories"]
                ]
            if "brands" in stream:
                stream["brands"] = [keys[each] for each in stream["brands"]]
            fields = {**fields, name: blocks(**stream)}
        make_promotion(**fields)
        assert set(off(cart(MUG=1, PAN=1, POT=1))) == expected

    def test_further_categories_count(self) -> None:
        pot = ProductPage.objects.get(title="Pot")
        pot.further_categories.add(CategoryPage.objects.get(title="Kitchen"))
        pot.save()
        make_promotion(applies_to=blocks(categories=[category("Kitchen")]))
        assert off(cart(POT=1)) == {"POT": 200}

    def test_a_collection_is_what_it_shows_now(self) -> None:
        pan, pot = (ProductPage.objects.get(title=title) for title in ("Pan", "Pot"))
        summer = CollectionPageFactory(
            title="Summer", conditions=[{"type": "category", "value": {"categories": [category("Kitchen")]}}]
        )
        PinnedProduct.objects.create(page=summer, product=pot)
        ExcludedProduct.objects.create(page=summer, product=pan)
        promotion = make_promotion(applies_to=blocks(collections=[summer.pk]))
        assert headline(promotion) == "10 % off everything in the collection Summer."
        assert set(off(cart(MUG=1, PAN=1, POT=1))) == {"MUG", "POT"}

        summer.excluded_products.all().delete()
        summer = CollectionPage.objects.get(pk=summer.pk)
        summer.save_revision().publish()
        assert set(off(cart(MUG=1, PAN=1, POT=1))) == {"MUG", "PAN", "POT"}

        summer.unpublish()
        assert off(cart(MUG=1, PAN=1, POT=1)) == {}
        assert headline(promotion) == "10 % off everything in the collection Summer (not published: nothing)."

    def test_a_collection_can_be_left_out(self) -> None:
        summer = CollectionPageFactory(title="Summer")
        PinnedProduct.objects.create(page=summer, product=ProductPage.objects.get(title="Pot"))
        make_promotion(not_for=blocks(collections=[summer.pk]))
        assert set(off(cart(MUG=1, PAN=1, POT=1))) == {"MUG", "PAN"}


class TestMinimum:
    def test_spend_counts_the_whole_order_before_discounts(self) -> None:
        make_promotion(title="First", priority=5)
        make_promotion(title="Second", minimum_spend=3000, applies_to=blocks(skus="MUG"))
        assert off(cart(MUG=1)) == {"MUG": 100}
        assert hints(cart(MUG=1)) == ["£20 more for 10 % off (Second)."]
        assert off(cart(MUG=1, POT=1)) == {"MUG": 190, "POT": 200}

    def test_units(self) -> None:
        make_promotion(minimum_quantity=3, applies_to=blocks(skus="MUG"))
        assert off(cart(MUG=2, POT=5)) == {}
        assert hints(cart(MUG=2)) == ["Add one more for 10 % off (Ten off)."]
        assert off(cart(MUG=3)) == {"MUG": 300}
        # Who has none of it is left in peace.
        assert hints(cart(POT=1)) == []


class TestDelivery:
    def test_the_shops_own_threshold_is_told(self) -> None:
        told = [hint.message for hint in cart(MUG=1, POT=1).hints]
        assert told == ["£20 more for free delivery."]
        assert cart(PAN=2).hints == ()

    def test_the_nearer_of_two_ways_to_free_delivery_is_told(self) -> None:
        make_promotion(kind="free_delivery", title="Free delivery", minimum_spend=3500)
        assert [hint.message for hint in cart(MUG=1, POT=1).hints] == ["£5 more for free delivery."]
        assert cart(PAN=1).hints == ()

    def test_free_from(self) -> None:
        make_promotion(kind="free_delivery", title="Free delivery", minimum_spend=2850)
        assert hints(cart(POT=1)) == ["£8.50 more for free delivery."]
        found = cart(MUG=1, POT=1)
        delivery = found.adjustment("delivery")
        assert delivery
        assert (delivery.amount, delivery.discount, found.discount_total, found.total) == (0, 395, 395, 3000)
        assert [(each.label, each.amount, each.delivery) for each in found.discounts] == [("Free delivery", 395, 395)]

    def test_part_of_it(self) -> None:
        make_promotion(kind="free_delivery", title="Half", arguments={"most": 200})
        assert cart(MUG=1).total == 1000 + 195

    def test_free_as_it_is(self) -> None:
        make_promotion(kind="free_delivery", title="Free delivery", minimum_spend=10000)
        assert hints(cart(PAN=2)) == []
        make_promotion(kind="free_delivery", title="Gift", code="GIFT")
        assert hints(cart("GIFT", PAN=2)) == ["GIFT is for the delivery, which is free already."]

    def test_products_and_delivery_go_together(self) -> None:
        make_promotion(exclusive=True)
        make_promotion(kind="free_delivery", title="Free delivery", exclusive=True)
        assert cart(MUG=1).total == 900


class TestStacking:
    def test_combinable_ones_work_on_what_is_left(self) -> None:
        make_promotion(kind="amount", title="Five off", arguments={"amount": 500}, priority=1)
        make_promotion(title="Half", arguments={"percent": 5000})
        assert [(each.label, each.amount) for each in cart(MUG=2).discounts] == [("Five off", 500), ("Half", 750)]

    def test_the_older_first_at_the_same_priority(self) -> None:
        make_promotion(title="Half", arguments={"percent": 5000})
        make_promotion(kind="amount", title="Five off", arguments={"amount": 500})
        assert [(each.label, each.amount) for each in cart(MUG=2).discounts] == [("Half", 1000), ("Five off", 500)]

    def test_an_exclusive_one_wins_where_it_saves_more(self) -> None:
        make_promotion(title="Ten")
        make_promotion(title="Twenty", arguments={"percent": 2000}, exclusive=True)
        make_promotion(title="Thirty", code="THIRTY", arguments={"percent": 3000}, exclusive=True)
        assert [each.label for each in cart(MUG=1).discounts] == ["Twenty"]
        assert [each.label for each in cart("THIRTY", MUG=1).discounts] == ["Thirty"]

    def test_of_equal_savings_the_combinable_ones_win(self) -> None:
        make_promotion(title="Alone", exclusive=True, priority=9)
        make_promotion(title="Together", code="TEN")
        found = cart("TEN", MUG=1)
        assert [each.label for each in found.discounts] == ["Together"]

    def test_a_code_that_loses_says_so(self) -> None:
        make_promotion(title="Big sale", arguments={"percent": 5000}, exclusive=True)
        make_promotion(code="TEN")
        assert hints(cart("TEN", MUG=1)) == ["TEN cannot be combined with “Big sale”, which saves you as much or more."]

    def test_no_line_costs_less_than_nothing(self) -> None:
        for number in range(3):
            make_promotion(kind="amount", title=f"Off {number}", arguments={"amount": 700})
        found = cart(MUG=1)
        assert (found.goods_total, [each.amount for each in found.discounts]) == (0, [700, 300])


class TestCustomers:
    def test_groups(self) -> None:
        group = Group.objects.create(name="Friends")
        make_promotion(groups=[group.pk], code="FRIEND")
        user = UserFactory()
        assert hints(cart("FRIEND", MUG=1)) == ["FRIEND is for customers with an account. Log in to use it."]
        assert hints(cart("FRIEND", MUG=1, buyer={"user_id": user.pk})) == ["FRIEND is not for your account."]
        user.groups.add(group)
        assert off(cart("FRIEND", MUG=1, buyer={"user_id": user.pk})) == {"MUG": 100}

    def test_a_group_that_is_gone_lets_nobody_in(self) -> None:
        make_promotion(groups=[10**9])
        assert off(cart(MUG=1, buyer={"user_id": UserFactory().pk})) == {}


class TestCodes:
    def test_applies_only_with_its_code(self) -> None:
        make_promotion(code="TEN")
        assert off(cart(MUG=1)) == {}
        found = cart("TEN", MUG=1)
        assert off(found) == {"MUG": 100}
        assert found.discounts[0].coupon == "TEN"

    def test_two_codes_of_one_promotion(self) -> None:
        promotion = make_promotion(code="TEN")
        Coupon.objects.create(promotion=promotion, code="ZEHN")
        found = cart("TEN ZEHN", MUG=1)
        assert off(found) == {"MUG": 100}
        assert hints(found) == ["ZEHN belongs to an offer that another of your codes has brought already."]

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"minimum_spend": 3050}, "£20.50 more, and TEN counts."),
            ({"minimum_quantity": 3}, "Add two more of the products that TEN is for."),
            ({"applies_to": blocks(skus="POT")}, "TEN is not for the products in your cart."),
            ({"arguments": {"percent": 1}, "kind": "percent"}, "TEN makes nothing in your cart cheaper."),
            (
                {"currency": "EUR"},
                UNKNOWN,
            ),
            ({"live": False}, UNKNOWN),
            ({"arguments": {}}, UNKNOWN),
            ({"kind": "gone"}, UNKNOWN),
        ],
    )
    def test_why_a_code_does_nothing(self, fields: dict[str, Any], message: str) -> None:
        make_promotion(code="TEN", **fields)
        found = cart("TEN", MUG=1)
        assert (off(found), hints(found)) == ({}, [message])

    def test_a_code_that_needs_one_more(self) -> None:
        make_promotion(kind="buy_get", title="3 for 2", code="THREE", arguments={"buy": 2, "get": 1, "percent": 10000})
        assert hints(cart("THREE", MUG=2)) == ["Add one more Mug: buy 2, get 1 free (3 for 2)."]

    def test_dates_of_a_code_that_was_entered_in_time(self) -> None:
        now = timezone.now()
        promotion = make_promotion(code="TEN", ends_at=now - timedelta(days=1))
        assert hints(cart("TEN", MUG=1))[0].startswith("TEN ended on ")
        Promotion.objects.filter(pk=promotion.pk).update(starts_at=now + timedelta(days=1), ends_at=None)
        assert hints(cart("TEN", MUG=1))[0].startswith("TEN counts from ")


def test_the_number_of_queries_does_not_grow() -> None:
    group = Group.objects.create(name="Friends")
    user = UserFactory()
    user.groups.add(group)
    buyer = {"user_id": user.pk, "email": "ann@example.com"}

    def offers(count: int) -> None:
        for number in range(count):
            make_promotion(
                code=f"CODE{Coupon.objects.count()}",
                max_uses=5,
                title=f"Offer {number}",
                applies_to=blocks(categories=[category("Kitchen")], brands=[Brand.objects.get().pk]),
                groups=[group.pk],
                first_order=True,
                limit_total=100,
            )
            make_promotion(title=f"Free {number}", kind="free_delivery", limit_per_customer=3)

    def queries(codes: int, **items: int) -> int:
        names = " ".join(f"CODE{number}" for number in range(codes))
        with CaptureQueriesContext(connection) as seen:
            assert cart(names, buyer=buyer, **items).discounts
        return len(seen)

    offers(1)
    queries(1, MUG=1)
    few = queries(1, MUG=1)
    offers(9)
    assert queries(10, MUG=1, PAN=2, POT=3) == few
