"""Promotions in the cart: what applies is said, and what is missing."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import caches

from shop.accounts.tests.factories import UserFactory
from shop.checkout.tests.factories import Buyer
from shop.promotions.limits import WRONG_MOST
from shop.promotions.models import Coupon
from shop.promotions.tests.factories import make_promotion
from tests.promotions.shopping import enter, page

pytestmark = [pytest.mark.django_db, pytest.mark.database]


UNKNOWN = "We do not know the code {}, or it can no longer be used."


class TestTheCart:
    def test_a_code_is_entered_and_removed(self, buyer: Buyer) -> None:
        make_promotion(code="WELCOME10")
        answer = enter(buyer, " welcome-10 ")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/cart/")
        text = page(buyer)
        assert "WELCOME10 saves you £2.00." in text
        assert 'Ten off <span class="coupon-code">WELCOME10</span></dt><dd>−£2.00</dd>' in text
        assert "£18.00" in text
        assert buyer.post("/offers/code/remove/", {"coupon": "WELCOME10"}).status_code == 303
        assert "WELCOME10" not in page(buyer)

    def test_htmx_gets_the_cart_alone(self, buyer: Buyer) -> None:
        make_promotion(code="TEN")
        headers = {"Sec-Fetch-Site": "same-origin", "HX-Request": "true"}
        answer = buyer.post("/offers/code/", {"coupon": "ten", "layout": "page"}, headers=headers)
        assert answer.status_code == 200
        text = answer.content.decode()
        assert "<html" not in text
        assert "TEN saves you £2.00." in text

    def test_only_from_our_own_pages(self, buyer: Buyer) -> None:
        for url in ("/offers/code/", "/offers/code/remove/"):
            assert buyer.post(url, {"coupon": "X"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
            assert buyer.get(url).status_code == 405

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"starts_at": datetime(2090, 1, 1, 9, tzinfo=UTC)}, "TEN counts from 1 January 2090, 09:00 on."),
            ({"ends_at": datetime(2020, 6, 1, 9, 30, 15, tzinfo=UTC)}, "TEN ended on 1 June 2020, 10:30:15."),
            ({"live": False}, UNKNOWN.format("TEN")),
            ({"minimum_spend": 2850}, "We have noted your code. £8.50 more, and TEN counts."),
        ],
    )
    def test_what_the_buyer_reads(self, buyer: Buyer, fields: dict[str, Any], message: str) -> None:
        make_promotion(code="TEN", **fields)
        enter(buyer, "TEN")
        assert message in page(buyer)

    def test_unknown_and_used_up_by_others_read_the_same(self, buyer: Buyer) -> None:
        make_promotion(code="ONCE", max_uses=1)
        other = Buyer()
        other.add("MUG")
        enter(other, "ONCE")
        other.check_out(email="bob@example.com")
        enter(buyer, "ONCE")
        enter(buyer, "NEVER")
        text = page(buyer)
        assert UNKNOWN.format("ONCE") in text
        assert UNKNOWN.format("NEVER") in text

    @pytest.mark.parametrize("limit", [{"max_uses": 1}, {"limit_total": 1}], ids=["of the code", "of the promotion"])
    def test_used_up_by_oneself_says_so(self, buyer: Buyer, limit: dict[str, Any]) -> None:
        make_promotion(code="ONCE", **limit)
        user = UserFactory()
        for browser in (buyer, stranger := Buyer()):
            browser.force_login(user if browser is buyer else UserFactory())
        enter(buyer, "ONCE")
        buyer.check_out()
        for browser, message in ((buyer, "You have used ONCE already."), (stranger, UNKNOWN.format("ONCE"))):
            browser.add("MUG")
            enter(browser, "ONCE")
            assert message in page(browser)

    @pytest.mark.parametrize(
        "typed",
        ["", "   ", "--", "\ud7ff", "x" * 5000, "'; DROP TABLE", "💥" * 30, "９９", "-1", str(2**63), "%00", "ﷺ" * 90],
    )
    def test_whatever_is_typed(self, buyer: Buyer, typed: str) -> None:
        assert enter(buyer, typed).status_code == 303
        assert buyer.get("/cart/").status_code == 200
        assert buyer.post("/offers/code/remove/", {"coupon": typed}).status_code == 303

    def test_tries_are_limited_per_session(self, buyer: Buyer) -> None:
        make_promotion(code="TEN")
        for number in range(WRONG_MOST):
            enter(buyer, f"GUESS{number}")
        enter(buyer, "TEN")
        assert "You have tried many codes. Please try again in" in page(buyer)

    def test_tries_are_limited_per_address(self, buyer: Buyer) -> None:
        make_promotion(code="TEN")
        for number in range(WRONG_MOST):
            Buyer().post("/offers/code/", {"coupon": f"GUESS{number}"})
        enter(buyer, "TEN")
        assert "You have tried many codes." in page(buyer)

    def test_right_codes_are_not_counted(self, buyer: Buyer) -> None:
        """An office in which everybody has the same letter."""
        make_promotion(code="TEN")
        for _ in range(WRONG_MOST + 1):
            colleague = Buyer()
            colleague.add("MUG")
            enter(colleague, "TEN")
        assert "TEN saves you" in page(colleague)

    def test_a_right_code_does_not_buy_more_guesses(self, buyer: Buyer) -> None:
        make_promotion(code="TEN")
        for number in range(WRONG_MOST):
            enter(buyer, f"GUESS{number}")
            enter(buyer, "TEN")
        enter(buyer, "SECRET")
        assert "You have tried many codes." in page(buyer)

    def test_at_most_ten_codes(self, buyer: Buyer) -> None:
        promotion = make_promotion(code="C0DE")
        for number in range(11):
            Coupon.objects.create(promotion=promotion, code=f"CODE{number}")
            enter(buyer, f"CODE{number}")
            caches["default"].clear()
        assert "A cart takes at most 10 codes." in page(buyer)
