"""Orders at which somebody should look: why they are held, what that stops, and who releases them."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from shop.accounts.models import User
from shop.accounts.tests.factories import UserFactory
from shop.checkout.ledger import violations
from shop.checkout.tests.factories import APPROVES, DECLINES, DETAILS, Buyer
from shop.orders import fulfilment, review
from shop.orders.models import Order, OrderEvent
from shop.orders.statuses import OrderRefused, Status
from shop.payments import services as payments
from shop.screening import services
from shop.screening.models import ScreeningSettings, Trace
from shop.screening.rules import AlreadyRegistered, RuleRegistry, Surroundings
from tests.factories import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]

QUIET = dict.fromkeys(
    ("orders_per_hour", "orders_per_day", "failures_per_hour", "mailboxes_per_household", "first_order_from")
)


@pytest.fixture(autouse=True)
def shelf(home_page: object) -> None:
    make_product(title="Mug", sku="MUG", stock=50)


def limits(**wanted: int) -> None:
    """Only these rules."""
    ScreeningSettings.objects.update_or_create(
        site=Site.objects.get(is_default_site=True), defaults={**QUIET, **wanted}
    )


def order(address: str = "192.0.2.1", **changes: Any) -> Order:
    """One mug, ordered from an internet connection."""
    buyer = Buyer(REMOTE_ADDR=address)
    buyer.add("MUG")
    buyer.check_out(**{**DETAILS, **APPROVES, **changes})
    return Order.objects.latest("pk")


class TestRules:
    def test_an_ordinary_order_is_not_held(self) -> None:
        found = order()
        assert (found.status, found.held_at, found.held_for) == (Status.PAID, None, "")

    def test_many_orders_from_one_connection(self) -> None:
        limits(orders_per_hour=2)
        assert [order(email=f"a{n}@example.com").held_for for n in range(3)] == [
            "",
            "",
            "3 orders from one internet connection within an hour.",
        ]
        assert order("192.0.2.2", email="b@example.com").held_for == ""

    def test_what_is_older_than_an_hour_does_not_count(self) -> None:
        limits(orders_per_hour=1)
        order()
        Trace.objects.update(created_at=timezone.now() - timedelta(minutes=61))
        assert order().held_for == ""

    def test_many_orders_with_one_address(self) -> None:
        limits(orders_per_day=1)
        assert order().held_for == ""
        assert order("192.0.2.2", email="ANN@example.com").held_for == "2 orders with this e-mail address within a day."

    def test_somebody_who_tries_cards(self) -> None:
        limits(failures_per_hour=2)
        for _ in range(2):
            assert order(**DECLINES).status == Status.PAYMENT_FAILED
        found = order()
        assert found.held_for == "2 failed payments from the same connection or e-mail address within an hour."

    def test_many_names_at_one_door(self) -> None:
        limits(mailboxes_per_household=1)
        assert order().held_for == ""
        other = {"email": "bob@example.com", "address_line_1": "1  QUAY street"}
        assert order("192.0.2.2", **other).held_for == "Orders with 2 e-mail addresses go to this address within a day."
        assert order("192.0.2.3", email="eve@example.com", address_line_1="2 Quay Street").held_for == ""

    def test_a_dear_first_order(self) -> None:
        limits(first_order_from=1_000)
        assert order().held_for == "The first order with this e-mail address, of £16.45."
        assert order().held_for == ""

    def test_reasons_add_up(self) -> None:
        limits(orders_per_hour=1, orders_per_day=1)
        order()
        assert order().held_for == (
            "2 orders from one internet connection within an hour. 2 orders with this e-mail address within a day."
        )

    def test_another_room_may_add_a_rule_once(self) -> None:
        registry = RuleRegistry()
        registry.register("never", lambda order, around, settings: "Because.")
        with pytest.raises(AlreadyRegistered):
            registry.register("never", lambda order, around, settings: "")
        around = Surroundings(0, 0, 0, 0, bought_before=False)
        assert registry.reasons(Order(), around, ScreeningSettings()) == ["Because."]


class TestHeld:
    @pytest.fixture
    def held(self) -> Order:
        limits(first_order_from=1)
        return order()

    def test_it_is_paid_and_cannot_be_sent(self, held: Order, admin_user: User) -> None:
        assert held.status == Status.PAID
        with pytest.raises(OrderRefused, match="is held: look at why"):
            fulfilment.send(order_id=held.pk, actor=admin_user)
        review.release(order_id=held.pk, actor=admin_user, note="Rang them up.")
        fulfilment.send(order_id=held.pk, actor=admin_user)
        held.refresh_from_db()
        assert held.status == Status.FULFILLED
        event = held.events.get(kind=OrderEvent.Kind.RELEASE)
        assert (event.actor, event.message) == (admin_user, "Rang them up.")
        assert violations() == []

    def test_it_is_released_once(self, held: Order, admin_user: User) -> None:
        review.release(order_id=held.pk, actor=admin_user)
        with pytest.raises(OrderRefused, match="not held"):
            review.release(order_id=held.pk, actor=admin_user)

    def test_it_is_cancelled_like_any_other(self, held: Order, admin_user: User) -> None:
        payments.cancel_order(order_id=held.pk, actor=admin_user)
        held.refresh_from_db()
        assert held.status == Status.CANCELLED
        assert violations() == []

    def test_staff_read_why_and_release(self, held: Order, admin_client: Client) -> None:
        url = reverse("order:inspect", args=[held.pk])
        page = admin_client.get(url).content.decode()
        assert "Held to be looked at." in page
        assert "The first order with this e-mail address, of £16.45." in page
        assert "Send goods" not in page
        listed = admin_client.get(reverse("order:index"), {"todo": "held"}).content.decode()
        assert held.number in listed
        assert "1 held to be looked at" in admin_client.get("/admin/").content.decode()
        data = {"action": "release", "note": "", "seen_status": held.status}
        assert admin_client.post(url, data).status_code == 302
        held.refresh_from_db()
        assert held.held_at is None
        assert "Send goods" in admin_client.get(url).content.decode()

    @pytest.mark.parametrize(("group", "may"), [("Shop managers", True), ("Fulfilment", False), ("Editors", False)])
    def test_packers_do_not_release(self, held: Order, group: str, may: bool) -> None:
        user = UserFactory(is_staff=True)
        user.groups.add(Group.objects.get(name=group))
        client = Client()
        client.force_login(user)
        client.post(reverse("order:inspect", args=[held.pk]), {"action": "release", "seen_status": held.status})
        held.refresh_from_db()
        assert (held.held_at is None) is may


class TestTraces:
    def test_nothing_readable_is_kept_and_not_for_long(self) -> None:
        found = order()
        trace = Trace.objects.get(order=found)
        kept = f"{trace.origin} {trace.mailbox} {trace.household}"
        assert [len(part) for part in kept.split()] == [32, 32, 32]
        Trace.objects.update(created_at=timezone.now() - services.KEPT - timedelta(minutes=1))
        assert (services.prune(), Trace.objects.count()) == (1, 0)

    def test_looking_costs_the_same_however_many_orders_there_are(self, django_assert_max_num_queries: Any) -> None:
        found = order()
        Trace.objects.filter(order=found).delete()
        trace = Trace(order=found, origin="a" * 32, mailbox="b" * 32, household="c" * 32)
        with django_assert_max_num_queries(5):
            services.surroundings(trace)
