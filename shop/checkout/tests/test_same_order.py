"""A double click, a replay, a crash, a price that moved: one order, at the price that the buyer saw, or none."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from shop.catalog.models import Variant
from shop.checkout.tests.factories import (
    APPROVES,
    CONFIRMS,
    DECLINES,
    DETAILS,
    Buyer,
    hidden_fields,
    set_price,
    stock,
)
from shop.inventory import services as inventory
from shop.orders.models import Order
from shop.orders.statuses import Status
from shop.payments.models import Payment
from shop.payments.providers.base import Outcome
from shop.payments.tests.factories import SCRIPTED, ScriptedProvider
from tests.factories import make_product

pytestmark = pytest.mark.django_db
Commits = Callable[..., Any]


class TestTheSameButton:
    """A double click, a reload, the back button, a replay: one order."""

    def test_replayed(self, buyer: Buyer) -> None:
        form = buyer.form()
        locations = [buyer.post("/checkout/", form).headers["Location"] for _ in range(3)]
        assert all(location.startswith("/orders/") for location in locations)
        assert (Order.objects.count(), Payment.objects.count(), stock()) == (1, 1, (8, 0))

    def test_replayed_with_another_address(self, buyer: Buyer) -> None:
        form = buyer.form()
        buyer.post("/checkout/", form)
        buyer.post("/checkout/", {**form, "name": "Someone Else", "email": "else@example.com"})
        assert Order.objects.get().name == "Ann Archer"

    def test_replayed_after_shopping_on_leaves_the_new_cart_alone(self, buyer: Buyer) -> None:
        form = buyer.form()
        buyer.post("/checkout/", form)
        buyer.add("MUG", 1)
        buyer.post("/checkout/", form)
        assert (Order.objects.count(), buyer.cart) == (1, {"MUG": 1})

    def test_replayed_from_another_browser(self, buyer: Buyer) -> None:
        form = buyer.form()
        buyer.post("/checkout/", form)
        other = Buyer()
        assert other.post("/checkout/", form).headers["Location"].startswith("/orders/")
        assert Order.objects.count() == 1

    def test_replayed_while_it_waits_for_the_bank(self, buyer: Buyer) -> None:
        form = buyer.form(**CONFIRMS)
        assert buyer.post("/checkout/", form).headers["Location"] == buyer.post("/checkout/", form).headers["Location"]
        assert (Order.objects.count(), stock()) == (1, (10, 2))

    def test_replayed_after_it_was_declined(self, buyer: Buyer) -> None:
        form = buyer.form(**DECLINES)
        buyer.post("/checkout/", form)
        assert buyer.post("/checkout/", {**form, **APPROVES}).headers["Location"] == "/checkout/"
        assert Order.objects.get().status == Status.PAYMENT_FAILED

    def test_two_tabs_of_the_same_cart_are_one_attempt(self, buyer: Buyer) -> None:
        first, second = buyer.form(), buyer.form()
        assert first["attempt"] == second["attempt"]

    def test_the_answer_that_never_reached_the_browser(self, buyer: Buyer) -> None:
        """The order went through, but the session was not stored: opening the checkout again shows the order."""
        form = buyer.form()
        before = dict(buyer.session)
        buyer.post("/checkout/", form)
        session = buyer.session
        session.update({"cart": before["cart"], "checkout": before["checkout"]})
        session.save()
        answer = buyer.get("/checkout/")
        assert answer.headers["Location"].startswith("/orders/")
        assert (buyer.cart, Order.objects.count()) == ({}, 1)

    @pytest.mark.parametrize("key", ["", "x", "0", "9" * 5000, "868c4414-4094-40be-a577-245b1b408cc"])
    def test_a_key_that_is_none_shows_the_form_again(self, buyer: Buyer, key: str) -> None:
        page = buyer.post("/checkout/", buyer.form(attempt=key))
        assert page.status_code == 200
        assert not Order.objects.exists()
        # The form that is shown has a key that works.
        good = {**DETAILS, **APPROVES, **hidden_fields(page)}
        assert buyer.post("/checkout/", good).headers["Location"].startswith("/orders/")


class TestWhatWasSeen:
    def test_a_price_that_moved_is_shown_first(self, buyer: Buyer) -> None:
        form = buyer.form()
        set_price(1300)
        page = buyer.post("/checkout/", form)
        assert page.status_code == 409
        assert page.context["payment_error"] == (
            "The total has changed from £28.95 to £29.95. Please check it, and place the order again if you agree."
        )
        assert "£29.95" in page.content.decode()
        assert not Order.objects.exists()
        assert stock() == (10, 0)
        again = {**form, **hidden_fields(page)}
        assert again["attempt"] == form["attempt"]
        assert buyer.post("/checkout/", again).headers["Location"].startswith("/orders/")
        assert Order.objects.get().total == 2995

    def test_a_cart_that_changed_to_the_same_total_is_shown_first(self, buyer: Buyer) -> None:
        make_product(sku="BOWL", price=1250)
        form = buyer.form()
        buyer.post("/cart/update/", {"sku": "MUG", "quantity": 1})
        buyer.add("BOWL")
        page = buyer.post("/checkout/", form)
        assert page.status_code == 409
        assert page.context["payment_error"].startswith("Your cart has changed since you last saw it.")
        assert not Order.objects.exists()

    @pytest.mark.parametrize("seen", ["", "x", "0" * 64])
    @pytest.mark.parametrize("total", ["", "0", "-1", "9" * 400, "x"])
    def test_rubbish_is_not_agreement(self, buyer: Buyer, seen: str, total: str) -> None:
        page = buyer.post("/checkout/", buyer.form(seen=seen, total_seen=total))
        assert page.status_code in (200, 409)
        assert not Order.objects.exists()

    def test_sold_out_meanwhile(self, buyer: Buyer) -> None:
        form = buyer.form()
        inventory.set_on_hand(sku="MUG", on_hand=1)
        answer = buyer.post("/checkout/", form)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/cart/")
        text = buyer.get("/cart/").content.decode()
        assert "Something in your cart has changed." in text
        assert "Only one is left." in text
        assert "Change to 1" in text
        assert (Order.objects.count(), stock()) == (0, (1, 0))

    def test_no_longer_sold_meanwhile(self, buyer: Buyer) -> None:
        form = buyer.form()
        Variant.objects.get().product.unpublish()
        assert buyer.post("/checkout/", form).headers["Location"] == "/cart/"
        assert not Order.objects.exists()


class TestUnreachableProvider:
    @pytest.fixture(autouse=True)
    def _scripted(self, settings: Any) -> None:
        settings.PAYMENT_PROVIDERS = [SCRIPTED]

    def test_nothing_is_lost_and_the_next_try_works(self, buyer: Buyer) -> None:
        ScriptedProvider.script(start=[None, Outcome.captured(reference="r")], cancel=[Outcome.cancelled()])
        assert buyer.check_out(provider="scripted").headers["Location"] == "/checkout/"
        page = buyer.get("/checkout/")
        assert page.context["payment_error"].startswith("The payment service does not answer.")
        assert page.context["form"]["name"].value() == "Ann Archer"
        assert stock() == (10, 2)
        assert buyer.check_out(provider="scripted").headers["Location"].startswith("/orders/")
        assert sorted(Order.objects.values_list("status", flat=True)) == [Status.CANCELLED, Status.PAID]
        assert stock() == (8, 0)

    def test_a_replay_goes_on_where_the_crash_was(self, buyer: Buyer) -> None:
        ScriptedProvider.script(start=[None, Outcome.captured(reference="r")])
        form = buyer.form(provider="scripted")
        buyer.post("/checkout/", form)
        assert buyer.post("/checkout/", form).headers["Location"].startswith("/orders/")
        assert (Order.objects.count(), stock(), buyer.cart) == (1, (8, 0), {})

    def test_still_unreachable(self, buyer: Buyer) -> None:
        ScriptedProvider.script(start=[None], cancel=[None])
        form = buyer.form(provider="scripted")
        for _ in range(2):
            assert buyer.post("/checkout/", form).headers["Location"] == "/checkout/"
        assert buyer.check_out(provider="scripted").headers["Location"] == "/checkout/"
        assert Order.objects.count() == 1

    def test_the_bank_has_a_page_of_its_own(self, buyer: Buyer) -> None:
        ScriptedProvider.script(start=[Outcome.needs_confirmation(reference="r", url="https://bank.example/pay")])
        assert buyer.check_out(provider="scripted").headers["Location"] == "https://bank.example/pay"

    def test_unreachable_at_the_confirmation(self, buyer: Buyer) -> None:
        ScriptedProvider.script(start=[Outcome.needs_confirmation(reference="r")], confirm=[None], cancel=[None])
        bank = buyer.check_out(provider="scripted").headers["Location"]
        page = buyer.post(bank, {"decision": "approve"})
        assert page.status_code == 200
        assert "does not answer" in page.content.decode()
        Payment.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        assert "does not answer" in buyer.get(bank).content.decode()
