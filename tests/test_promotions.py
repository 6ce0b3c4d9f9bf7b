"""Promotions from the cart to the order, through the whole of HTTP: alone, all at once, and around their dates."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from shop.accounts.tests.factories import UserFactory
from shop.cart.buyer import Buyer as Facts
from shop.cart.selectors import build_cart
from shop.checkout import ledger
from shop.checkout.services import CartChanged, place_order
from shop.checkout.tests.factories import CONFIRMS, DECLINES, Buyer, hidden_fields
from shop.orders.models import Order, OrderDiscount
from shop.orders.tests.factories import CONTACT
from shop.payments.models import Payment
from shop.payments.providers.invoice import InvoiceProvider
from shop.payments.services import cancel_order
from shop.promotions.limits import WRONG_MOST
from shop.promotions.models import Coupon, Promotion, Redemption, UsageCounter
from shop.promotions.tests.factories import make_promotion
from tests.factories import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]
Threads = Callable[[int, Callable[[int], Any]], list[Any]]
UNKNOWN = "We do not know the code {}, or it can no longer be used."


@pytest.fixture
def buyer(home_page: object) -> Buyer:
    """Somebody with two mugs, £10 each, in the cart."""
    make_product(sku="MUG", title="Stoneware mug", price=1000, stock=500)
    browser = Buyer()
    browser.add("MUG", 2)
    return browser


def enter(buyer: Buyer, code: str) -> Any:
    return buyer.post("/offers/code/", {"coupon": code})


def page(buyer: Buyer, url: str = "/cart/") -> str:
    return " ".join(buyer.get(url).content.decode().split())


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


class TestTheOrder:
    def test_everything_is_frozen_and_told(self, buyer: Buyer, django_capture_on_commit_callbacks: Any) -> None:
        make_promotion(code="TEN")
        make_promotion(kind="free_delivery", title="Free delivery")
        enter(buyer, "TEN")
        text = page(buyer, "/checkout/")
        assert "Place order and pay £18.00" in text
        with django_capture_on_commit_callbacks(execute=True):
            answer = buyer.check_out()
        order = Order.objects.get()
        assert (order.subtotal, order.discount_total, order.shipping_total, order.total) == (2000, 200, 0, 1800)
        assert Payment.objects.get().amount == Payment.objects.get().captured == 1800
        assert list(order.discounts.values_list("label", "coupon", "amount", "delivery")) == [
            ("Ten off", "TEN", 200, 0),
            ("Free delivery", "", 395, 395),
        ]
        line = order.lines.get()
        assert (line.discount, line.line_total, line.tax) == (200, 1800, 300)
        shown = page(buyer, answer.headers["Location"])
        for part in ("Ten off", "−£2.00", "Free delivery", "−£3.95", "£3.95", "£18.00"):
            assert part in shown
        [letter] = mail.outbox
        for part in ("Ten off (TEN): -£2.00", "Free delivery: -£3.95", "Total: £18.00", "2 × Stoneware mug: £20.00"):
            assert part in letter.body
        staff = Client()
        staff.force_login(UserFactory(is_staff=True, is_superuser=True))
        admin = " ".join(staff.get(f"/admin/order/{order.pk}/").content.decode().split())
        assert "Ten off" in admin
        assert "code TEN" in admin
        assert ledger.violations() == []

    def test_the_code_is_used_and_forgotten(self, buyer: Buyer) -> None:
        make_promotion(code="TEN")
        enter(buyer, "TEN")
        buyer.check_out()
        buyer.add("MUG")
        assert "TEN" not in page(buyer)

    def test_the_code_at_the_checkout_loses_nothing_that_was_typed(self, buyer: Buyer) -> None:
        make_promotion(code="TEN")
        form = buyer.form(name="Ann Archer", apply_coupon="1", coupon="ten")
        assert buyer.post("/checkout/", form).headers["Location"] == "/checkout/"
        text = page(buyer, "/checkout/")
        assert "TEN saves you £2.00." in text
        assert 'value="Ann Archer"' in text
        assert not Order.objects.exists()
        form = buyer.form(remove_coupon="TEN")
        buyer.post("/checkout/", form)
        assert "The code is removed." in page(buyer, "/checkout/")
        assert buyer.session["buyer"].get("codes", []) == []

    def test_a_first_order_is_known_by_the_address(self, buyer: Buyer) -> None:
        make_promotion(code="FIRST", first_order=True)
        enter(buyer, "FIRST")
        buyer.check_out()
        buyer.add("MUG", 2)
        enter(buyer, "FIRST")
        form = buyer.form()
        answer = buyer.post("/checkout/", form)
        assert answer.status_code == 409
        text = " ".join(answer.content.decode().split())
        assert "The total has changed from £21.95 to £23.95" in text
        assert "FIRST is for a first order, and you have ordered here before." in text
        assert buyer.post("/checkout/", {**form, **hidden_fields(answer)}).headers["Location"].startswith("/orders/")
        assert Order.objects.latest("pk").total == 2395

    def test_a_code_that_was_typed_and_not_applied(self, buyer: Buyer) -> None:
        make_promotion(code="TEN")
        answer = buyer.check_out(coupon="ten")
        assert (answer.status_code, answer.headers["Location"], Order.objects.count()) == (303, "/checkout/", 0)
        text = page(buyer, "/checkout/")
        assert "TEN saves you £2.00." in text
        assert "ann@example.com" in text
        assert buyer.check_out().headers["Location"].startswith("/orders/")
        assert Order.objects.get().discount_total == 200

    def test_back_from_the_bank_the_code_is_still_mine(self, buyer: Buyer) -> None:
        make_promotion(code="ONCE", max_uses=1, limit_total=1, limit_per_customer=1)
        enter(buyer, "ONCE")
        buyer.check_out(**CONFIRMS)
        assert Redemption.objects.count() == 1
        assert "Place order and pay £21.95" in page(buyer, "/checkout/")
        assert buyer.check_out().headers["Location"].startswith("/orders/")
        assert list(Order.objects.order_by("pk").values_list("status", "total")) == [
            ("cancelled", 2195),
            ("paid", 2195),
        ]
        assert ledger.violations() == []

    def test_declined_and_cancelled_orders_give_their_uses_back(self, buyer: Buyer) -> None:
        make_promotion(code="ONCE", max_uses=1)
        enter(buyer, "ONCE")
        buyer.check_out(**DECLINES)
        assert UsageCounter.objects.get().used == 0
        buyer.check_out()
        assert UsageCounter.objects.get().used == 1
        assert ledger.violations() == []

    def test_groups(self, buyer: Buyer) -> None:
        group = Group.objects.create(name="Friends")
        make_promotion(groups=[group.pk])
        assert "−£2.00" not in page(buyer)
        user = UserFactory()
        user.groups.add(group)
        buyer.force_login(user)
        assert "−£2.00" in page(buyer)


# What an editor changes while the buyer looks at the form.
def _ends(promotion: Promotion) -> None:
    Promotion.objects.update(ends_at=timezone.now())


def _starts_later(promotion: Promotion) -> None:
    Promotion.objects.update(starts_at=timezone.now() + timedelta(hours=1))


def _changes(promotion: Promotion) -> None:
    Promotion.objects.update(arguments={"percent": 500})


def _unpublishes(promotion: Promotion) -> None:
    promotion.unpublish()


def _stops_the_code(promotion: Promotion) -> None:
    Coupon.objects.update(active=False)


def _deletes_it(promotion: Promotion) -> None:
    Coupon.objects.all().delete()
    Promotion.objects.all().delete()


def _uses_it_up(promotion: Promotion) -> None:
    Promotion.objects.update(limit_total=1)
    other = Buyer()
    other.add("MUG")
    enter(other, "TEN")
    other.check_out(email="bob@example.com")


def _adds_another(promotion: Promotion) -> None:
    make_promotion(title="More", arguments={"percent": 5000})


@pytest.mark.parametrize(
    "edit",
    [_ends, _starts_later, _changes, _unpublishes, _stops_the_code, _deletes_it, _uses_it_up, _adds_another],
)
def test_an_edit_during_the_checkout_is_confirmed_again(buyer: Buyer, edit: Callable[[Promotion], None]) -> None:
    promotion = make_promotion(code="TEN")
    enter(buyer, "TEN")
    form = buyer.form()
    before = Order.objects.count()
    edit(promotion)
    others = Order.objects.count() - before
    answer = buyer.post("/checkout/", form)
    assert answer.status_code == 409
    assert "The total has changed from £21.95 to" in answer.content.decode()
    assert Order.objects.count() == others
    again = buyer.post("/checkout/", {**form, **hidden_fields(answer)})
    assert again.headers["Location"].startswith("/orders/")
    order = Order.objects.latest("pk")
    assert f"Place order and pay £{order.total / 100:.2f}" in answer.content.decode()
    assert order.total != 2195
    assert Payment.objects.get(order=order).amount == order.total
    assert ledger.violations() == []


ZONES = ["Europe/London", "America/New_York", "Australia/Lord_Howe"]
# Around the moments at which clocks change there, and one at which they do not. In UTC.
MOMENTS = [
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2026, 3, 8, 7, tzinfo=UTC),
    datetime(2026, 11, 1, 6, tzinfo=UTC),
    datetime(2026, 4, 4, 15, tzinfo=UTC),
    datetime(2026, 10, 3, 15, 30, tzinfo=UTC),
    datetime(2026, 7, 1, 0, tzinfo=UTC),
]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_a_second_before_and_a_second_after(
    home_page: object, zone: str, moment: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An offer begins with its first second and is over with the second of its end, whatever clocks show there."""
    make_product(sku="MUG", price=1000, stock=5)
    local = moment.astimezone(ZoneInfo(zone))
    make_promotion(title="From", starts_at=local)
    make_promotion(title="Until", ends_at=local)
    make_promotion(title="Hour", code="HOUR", starts_at=local, ends_at=moment + timedelta(hours=1))

    def labels(now: datetime) -> list[str]:
        # Only promotions look at this clock: the price of the product is one of today.
        clock = SimpleNamespace(now=lambda: now.astimezone(ZoneInfo(zone)))
        monkeypatch.setattr("shop.promotions.selectors.timezone", clock)
        found = build_cart(items={"MUG": 1}, buyer=Facts(codes=("HOUR",)))
        return [each.label for each in found.discounts]

    second = timedelta(seconds=1)
    with timezone.override(zone):
        assert labels(moment - second) == ["Until"]
        assert labels(moment) == ["From", "Hour"]
        assert labels(moment + second) == ["From", "Hour"]
        assert labels(moment + timedelta(hours=1) - second) == ["From", "Hour"]
        assert labels(moment + timedelta(hours=1)) == ["From"]


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
class TestRaces:
    """A hundred buyers who have all seen the discount order at once, on fifty connections."""

    BUYERS, AT_ONCE = 100, 50

    def race(self, in_threads: Threads, *, email: str) -> Counter[str]:
        make_product(sku="MUG", price=1000, stock=500)
        facts = [Facts(email=email.format(number), codes=("ONCE",)) for number in range(self.BUYERS)]
        seen = build_cart(items={"MUG": 1}, buyer=facts[0])
        assert seen.discounts
        prints = [build_cart(items={"MUG": 1}, buyer=each).fingerprint for each in facts]
        assert set(prints) == {seen.fingerprint}

        def order(number: int) -> list[str]:
            return [place(facts[each], prints[each]) for each in range(number, self.BUYERS, self.AT_ONCE)]

        ends = Counter(end for found in in_threads(self.AT_ONCE, order) for end in found)
        assert Order.objects.filter(discount_total=100).count() == Order.objects.count() == ends["order"]
        assert OrderDiscount.objects.count() == Redemption.objects.count() == ends["order"]
        assert ledger.violations() == []
        return ends

    def test_a_single_use_code(self, home_page: object, in_threads: Threads) -> None:
        make_promotion(code="ONCE", max_uses=1)
        assert self.race(in_threads, email="buyer{}@example.com") == {"order": 1, "asked again": 99}
        assert UsageCounter.objects.get().used == 1

    def test_once_per_customer(self, home_page: object, in_threads: Threads) -> None:
        make_promotion(code="ONCE", limit_per_customer=1)
        # One person who has many browsers, and knows about the plus sign.
        assert self.race(in_threads, email="ann+{}@example.com") == {"order": 1, "asked again": 99}

    def test_seven_altogether(self, home_page: object, in_threads: Threads) -> None:
        make_promotion(code="ONCE", limit_total=7)
        assert self.race(in_threads, email="buyer{}@example.com") == {"order": 7, "asked again": 93}

    def test_used_and_given_back_at_the_same_time(self, home_page: object, in_threads: Threads) -> None:
        make_product(sku="MUG", price=1000, stock=500)
        make_promotion(code="ONCE", limit_total=5, max_uses=5)

        def work(number: int) -> None:
            facts = Facts(email=f"b{number}@example.com", codes=("ONCE",))
            if place(facts, build_cart(items={"MUG": 1}, buyer=facts).fingerprint) == "order" and number % 2:
                cancel_order(order_id=Order.objects.get(email=facts.email).pk)

        in_threads(30, work)
        standing = Order.objects.exclude(status="cancelled").filter(discounts__isnull=False).count()
        assert set(UsageCounter.objects.filter(limit__isnull=False).values_list("used", flat=True)) == {standing}
        assert standing <= 5
        assert ledger.violations() == []


def place(facts: Facts, seen: str) -> str:
    """Order one mug with the discount that was seen: "order", or "asked again"."""
    contact = replace(CONTACT, email=facts.email)
    try:
        place_order(
            key=uuid4(),
            items={"MUG": 1},
            buyer=facts,
            seen=seen,
            contact=contact,
            provider=InvoiceProvider(),
            provider_data={},
        )
    except CartChanged:
        return "asked again"
    return "order"
