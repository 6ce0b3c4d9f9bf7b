"""Uses of promotions: taken with the order, given back when it is given up, never one too many."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from shop.accounts.tests.factories import UserFactory
from shop.orders import services as orders
from shop.orders.drafts import DiscountDraft, LineDraft
from shop.orders.models import Order
from shop.orders.tests.factories import CONTACT, make_draft
from shop.promotions import usage
from shop.promotions.models import Coupon, Promotion, Redemption, UsageCounter
from shop.promotions.services import UsedUp, give_back
from shop.promotions.tests.factories import make_promotion
from tests.factories import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def _mugs(home_page: object) -> None:
    make_product(sku="MUG", price=1000, stock=200)


def place(
    promotion: Promotion, *, coupon: str = "", email: str = "ann@example.com", customer: Any = None, amount: int = 100
) -> Order:
    """An order with the promotion's discount, as the checkout would hand it over."""
    line = LineDraft("MUG", "Mug", "", 1000, 1, 0, 0, discount=amount)
    discount = DiscountDraft(f"promotion:{promotion.pk}", promotion.title, (("MUG", amount),), coupon=coupon)
    draft = make_draft(line, contact=replace(CONTACT, email=email), discounts=(discount,))
    with transaction.atomic():
        return orders.create_order(draft=draft, customer=customer)


def counters(promotion: Promotion) -> dict[str, int]:
    return dict(UsageCounter.objects.filter(promotion=promotion).values_list("key", "used"))


def test_a_use_is_frozen_with_the_order() -> None:
    promotion = make_promotion(code="TEN")
    order = place(promotion, coupon="TEN")
    [discount] = order.discounts.all()
    assert (discount.label, discount.coupon, discount.amount, discount.delivery, discount.lines) == (
        "Ten off",
        "TEN",
        100,
        0,
        {"MUG": 100},
    )
    use = Redemption.objects.get()
    assert (use.order, use.promotion, use.coupon, use.amount) == (order, promotion, Coupon.objects.get(), 100)
    assert use.mail == usage.mail_key("ann@example.com")
    assert "ann" not in use.mail
    # Nothing has a limit, so nothing is counted.
    assert counters(promotion) == {}


def test_the_last_use_of_all() -> None:
    promotion = make_promotion(limit_total=2)
    place(promotion, email="a@example.com")
    place(promotion, email="b@example.com")
    with pytest.raises(UsedUp):
        place(promotion, email="c@example.com")
    assert counters(promotion) == {"total": 2}
    assert (Order.objects.count(), Redemption.objects.count()) == (2, 2)


def test_a_single_use_code() -> None:
    promotion = make_promotion(code="ONCE", max_uses=1)
    other = Coupon.objects.create(promotion=promotion, code="TWICE", max_uses=2)
    place(promotion, coupon="ONCE")
    with pytest.raises(UsedUp):
        place(promotion, coupon="ONCE")
    place(promotion, coupon="TWICE")
    assert counters(promotion) == {f"code:{Coupon.objects.get(code='ONCE').pk}": 1, f"code:{other.pk}": 1}


@pytest.mark.parametrize("email", ["ann@example.com", "ANN@Example.com", "ann+offers@example.com"])
def test_one_per_customer_by_address(email: str) -> None:
    promotion = make_promotion(limit_per_customer=1)
    place(promotion)
    with pytest.raises(UsedUp):
        place(promotion, email=email)
    place(promotion, email="anna@example.com")


def test_one_per_customer_by_account() -> None:
    promotion = make_promotion(limit_per_customer=1)
    user = UserFactory()
    place(promotion, email="one@example.com", customer=user)
    with pytest.raises(UsedUp):
        place(promotion, email="two@example.com", customer=user)
    with pytest.raises(UsedUp):
        place(promotion, email="one@example.com")


def test_a_first_order_is_one_order() -> None:
    promotion = make_promotion(first_order=True)
    place(promotion)
    with pytest.raises(UsedUp):
        place(promotion)


@pytest.mark.parametrize("how", [orders.cancel, orders.mark_payment_failed])
def test_given_back(how: Callable[..., Any]) -> None:
    promotion = make_promotion(code="ONCE", max_uses=1, limit_total=1, limit_per_customer=1)
    order = place(promotion, coupon="ONCE")
    how(order_id=order.pk)
    assert set(counters(promotion).values()) == {0}
    assert Redemption.objects.get().released_at is not None
    place(promotion, coupon="ONCE")
    assert set(counters(promotion).values()) == {1}


def test_given_back_once_however_often_it_is_said() -> None:
    promotion = make_promotion(limit_total=5)
    order = place(promotion)
    place(promotion, email="b@example.com")
    for _ in range(3):
        with transaction.atomic():
            give_back(order)
    assert counters(promotion) == {"total": 1}


def test_a_limit_that_comes_later_counts_what_was_before() -> None:
    promotion = make_promotion()
    for number in range(3):
        place(promotion, email=f"{number}@example.com")
    Promotion.objects.update(limit_total=3)
    assert usage.used([(promotion.pk, "total")]) == {(promotion.pk, "total"): 3}
    with pytest.raises(UsedUp):
        place(promotion)
    Promotion.objects.update(limit_total=4)
    place(promotion)
    assert counters(promotion) == {"total": 4}
    # And without it they are counted on.
    Promotion.objects.update(limit_total=None)
    place(promotion, email="e@example.com")
    assert counters(promotion) == {"total": 5}


def test_a_limit_that_is_lowered_breaks_nothing() -> None:
    promotion = make_promotion(limit_total=5)
    for number in range(3):
        place(promotion, email=f"{number}@example.com")
    Promotion.objects.update(limit_total=1)
    with pytest.raises(UsedUp):
        place(promotion)
    give_back(Order.objects.latest("pk"))
    assert counters(promotion) == {"total": 2}


def test_the_database_itself_refuses_one_too_many() -> None:
    promotion = make_promotion(limit_total=1)
    place(promotion)
    with pytest.raises(IntegrityError), transaction.atomic():
        UsageCounter.objects.update(used=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Redemption.objects.create(promotion=promotion, order=Order.objects.get(), mail="", amount=1)


def test_a_promotion_that_is_gone() -> None:
    promotion = make_promotion()
    gone = Promotion(pk=promotion.pk, title="Gone")
    promotion.delete()
    with pytest.raises(UsedUp):
        place(gone)
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ann@Example.com ", "ann@example.com", True),
        ("ann+a@example.com", "ann+b@example.com", True),
        ("a.n.n@gmail.com", "ann@googlemail.com", True),
        ("a.nn@example.com", "ann@example.com", False),
        ("ann@example.com", "ann@example.org", False),
        ("\ud800@example.com", "?@example.com", True),
    ],
)
def test_addresses_of_one_person(one: str, other: str, same: bool) -> None:
    assert (usage.mail_key(one) == usage.mail_key(other)) is same
