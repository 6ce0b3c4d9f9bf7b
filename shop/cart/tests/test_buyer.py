"""What the session knows of the buyer, and what a cart does with discounts."""

from dataclasses import replace
from typing import Any

import pytest

from shop.cart.adjusters import AdjusterRegistry
from shop.cart.buyer import ANONYMOUS, Buyer, read_buyer, remember
from shop.cart.contents import Adjustment, Cart, CartLine, Discount, Hint


def line(sku: str = "MUG", price: int = 1000, quantity: int = 2) -> CartLine:
    return CartLine(sku, sku.title(), "", "", None, price, None, quantity, quantity)


def test_what_was_told_is_remembered_and_grows() -> None:
    session: dict[str, Any] = {}
    assert read_buyer(session) == ANONYMOUS
    remember(session, country="GB", codes=("SUMMER",))
    assert remember(session, postcode="IP4 1AA") == Buyer(country="GB", postcode="IP4 1AA", codes=("SUMMER",))
    assert session["buyer"] == {"country": "GB", "postcode": "IP4 1AA", "codes": ["SUMMER"]}
    assert remember(session, country="", codes=()) == Buyer(postcode="IP4 1AA")


@pytest.mark.parametrize(
    "stored",
    ["text", 3, ["GB"], {"country": 3}, {"country": "x" * 255}, {"codes": "SUMMER"}, {"user_id": 7, "other": 1}],
)
def test_rubbish_in_the_session_is_nobody(stored: Any) -> None:
    assert read_buyer({"buyer": stored}) == ANONYMOUS


@pytest.mark.parametrize(("stored", "known"), [("12", 12), (None, None), ("", None), ("²", None), ("-1", None)])
def test_who_it_is_comes_from_the_login(stored: Any, known: int | None) -> None:
    assert read_buyer({"_auth_user_id": stored}).user_id == known


def test_no_more_than_ten_codes_are_kept() -> None:
    session: dict[str, Any] = {}
    assert remember(session, codes=tuple(f"CODE{n}" for n in range(30))).codes[-1] == "CODE9"


def test_discounts_lower_the_total_and_not_the_subtotal() -> None:
    cart = Cart(lines=(line(), line("JUG", 500, 1)), currency="GBP")
    less = cart.with_line_discounts({"MUG": 300}).with_line_discounts({"MUG": 200, "JUG": 500})
    assert [each.discount for each in less.lines] == [500, 500]
    assert (less.subtotal, less.goods_total, less.discount_total, less.total) == (2500, 1500, 1000, 1500)
    assert less.fingerprint != cart.fingerprint


@pytest.mark.parametrize("amount", [2001, -1])
def test_a_line_never_costs_less_than_nothing(amount: int) -> None:
    with pytest.raises(ValueError, match="MUG costs 2000"):
        Cart(lines=(line(),), currency="GBP").with_line_discounts({"MUG": amount})


def test_free_delivery_takes_the_charge_s_place() -> None:
    cart = Cart(lines=(line(),), currency="GBP").with_adjustments(Adjustment("delivery", "Post", 395))
    free = cart.with_adjustments(replace(cart.adjustments[0], amount=0, discount=395))
    assert free.adjustments == (Adjustment("delivery", "Post", 0, discount=395),)
    assert (free.total, free.discount_total) == (2000, 395)


def test_adjusters_run_by_rank_on_what_those_before_have_left() -> None:
    registry = AdjusterRegistry()
    registry.register(
        "post", lambda cart: cart.with_adjustments(Adjustment("post", "Post", cart.goods_total // 10)), rank=50
    )
    registry.register("half", lambda cart: cart.with_line_discounts({"MUG": 1000}), rank=30)
    cart = registry.adjust(Cart(lines=(line(),), currency="GBP"))
    assert (cart.adjustment("post"), cart.total) == (Adjustment("post", "Post", 100), 1100)


def test_what_is_told_of_offers_is_kept_in_order() -> None:
    cart = Cart(lines=(line(),), currency="GBP").with_discounts(Discount("a", "A", 1), Discount("b", "B", 2))
    assert [each.code for each in cart.with_hints(Hint("Spend more.")).discounts] == ["a", "b"]
    assert cart.with_hints(Hint("One.")).with_hints(Hint("Two.")).hints == (Hint("One."), Hint("Two."))
    assert cart.with_hints(Hint("One.")).fingerprint == cart.fingerprint
