"""A promotion that editors change, or that begins or ends, while somebody is buying."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from shop.cart.buyer import Buyer as Facts
from shop.cart.selectors import build_cart
from shop.checkout import ledger
from shop.checkout.tests.factories import Buyer, hidden_fields
from shop.orders.models import Order
from shop.payments.models import Payment
from shop.promotions.models import Coupon, Promotion
from shop.promotions.tests.factories import make_promotion
from tests.factories import make_product
from tests.promotions.shopping import enter

pytestmark = [pytest.mark.django_db, pytest.mark.database]


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
