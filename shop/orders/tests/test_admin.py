"""Orders in the admin: found, seen, moved on by those who may, and never added or deleted."""

import re
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from shop.accounts.models import User
from shop.accounts.tests.factories import AdminFactory, UserFactory
from shop.orders import services
from shop.orders.models import Order
from shop.orders.permissions import OrderPermissionPolicy
from shop.orders.statuses import Status
from shop.orders.tests.factories import CONTACT, make_line, make_order
from shop.orders.viewsets import order_admin_url

pytestmark = pytest.mark.django_db
INDEX = "/admin/order/"


@pytest.fixture
def admin(home_page: object, client: Client) -> Client:
    client.force_login(AdminFactory(email="boss@example.com", first_name="Bo", last_name="Boss"))
    return client


def clerk(*permissions: str) -> User:
    """Somebody who may enter the admin and has these permissions on orders."""
    user: User = UserFactory()
    user.user_permissions.add(
        Permission.objects.get(codename="access_admin"),
        *Permission.objects.filter(codename__in=[f"{name}_order" for name in permissions]),
    )
    return user


def numbers(page: Any) -> list[str]:
    return [order.number for order in page.context["object_list"]]


class TestList:
    def test_newest_first_with_what_matters(self, admin: Client) -> None:
        first, second = make_order(), make_order(make_line(quantity=2))
        page = admin.get(INDEX)
        assert numbers(page) == [second.number, first.number]
        text = page.content.decode()
        for words in (first.number, "Ann Archer", "£16.45", "£28.95", "Awaiting payment", "Test card"):
            assert words in text

    def test_the_menu_leads_here(self, admin: Client) -> None:
        assert f'href="{INDEX}"' in admin.get("/admin/reports/site-history/").content.decode() or (
            INDEX in admin.get("/admin/").content.decode()
        )

    def test_filter_by_status(self, admin: Client) -> None:
        waiting, paid, sent = make_order(), make_order(), make_order()
        services.mark_paid(order_id=paid.pk)
        services.mark_paid(order_id=sent.pk)
        services.fulfil(order_id=sent.pk)
        assert numbers(admin.get(INDEX, {"status": "paid"})) == [paid.number]
        assert numbers(admin.get(INDEX, {"status": ["fulfilled", "awaiting_payment"]})) == [sent.number, waiting.number]

    def test_filter_by_way_to_pay(self, admin: Client) -> None:
        make_order()
        invoice = make_order(payment_method="invoice", payment_label="Bank transfer")
        page = admin.get(INDEX, {"payment_method": "invoice"})
        assert numbers(page) == [invoice.number]
        assert "Bank transfer" in page.content.decode()

    def test_filter_by_day(self, admin: Client) -> None:
        old, new = make_order(), make_order()
        Order.objects.filter(pk=old.pk).update(placed_at=timezone.now() - timedelta(days=40))
        day = (timezone.localtime() - timedelta(days=30)).date().isoformat()
        assert numbers(admin.get(INDEX, {"placed_at_from": day})) == [new.number]
        assert numbers(admin.get(INDEX, {"placed_at_to": day})) == [old.number]

    def test_search(self, admin: Client) -> None:
        from dataclasses import replace

        ann = make_order()
        contact = replace(CONTACT, email="bob@example.org", name="Bob Builder", postcode="EC1A 1BB")
        bob = make_order(make_line("LAMP-1"), contact=contact)
        for query, expected in (
            (bob.number, bob),
            (bob.number.lower().replace("-", " "), bob),
            (bob.number[:7], bob),
            ("BOB@example", bob),
            ("builder", bob),
            ("ec1a 1bb", bob),
            ("lamp-1", bob),
            ("Archer", ann),
        ):
            assert numbers(admin.get(INDEX, {"q": query})) == [expected.number], query
        assert numbers(admin.get(INDEX, {"q": "nobody"})) == []
        assert numbers(admin.get(INDEX, {"q": "Archer", "status": "paid"})) == []

    @pytest.mark.parametrize("query", ["%", "'", '"', "\\", "x" * 3000, "-", "￿"])
    def test_any_search_is_answered(self, admin: Client, query: str) -> None:
        make_order()
        assert admin.get(INDEX, {"q": query}).status_code == 200

    def test_queries_do_not_grow_with_the_orders(self, admin: Client, django_assert_max_num_queries: Any) -> None:
        make_order()
        admin.get(INDEX)
        with django_assert_max_num_queries(20) as few:
            admin.get(INDEX)
        for _ in range(5):
            make_order()
        with django_assert_max_num_queries(len(few)):
            admin.get(INDEX)


class TestDetail:
    def test_everything_that_is_known(self, admin: Client) -> None:
        order = make_order(make_line("MUG", quantity=2, options_label="Sea"), make_line("LAMP", unit_price=9900))
        services.record_event(order=order, kind="note", message="Rang to ask for Friday", actor=User.objects.get())
        page = admin.get(order_admin_url(order))
        assert page.status_code == 200
        text = page.content.decode()
        facts = ["Product MUG", "Sea", "£25.00", "£99.00", "Standard delivery", "£3.95", "£127.95", "£21.33"]
        facts += ["1 Quay Street", "IP4 1AA", "ann@example.com", "Reserved"]
        facts += ["Order placed", "Rang to ask for Friday", "Bo Boss", order.number]
        assert [fact for fact in facts if fact not in text] == []
        assert re.search(r'href="/orders/[\w.-]+/"', text)

    def test_an_order_that_is_none(self, admin: Client) -> None:
        assert admin.get("/admin/order/999999/").status_code == 404

    def test_what_is_offered_follows_the_status(self, admin: Client) -> None:
        order = make_order()

        def offered() -> list[str]:
            return [action.code for action in admin.get(order_admin_url(order)).context["actions"]]

        assert offered() == ["cancel", "note"]
        services.mark_paid(order_id=order.pk)
        assert offered() == ["fulfil", "withdraw", "cancel", "review", "note"]
        services.fulfil(order_id=order.pk)
        assert offered() == ["return", "review", "note", "resend"]


class TestChange:
    def post(self, client: Client, order: Order, action: str, note: str = "", **data: str) -> Any:
        order.refresh_from_db()
        fields = {"action": action, "note": note, "seen_status": order.status, **data}
        return client.post(order_admin_url(order), fields, follow=True)

    def test_send(self, admin: Client) -> None:
        order = make_order()
        services.mark_paid(order_id=order.pk)
        line = order.lines.get()
        fields = {f"units_{line.pk}": "1", "carrier": "DPD", "tracking_number": "12 345", "note": "Handle with care"}
        page = admin.post(reverse("order:action", args=[order.pk, "fulfil"]), fields, follow=True)
        assert f"1 unit of order {order.number} recorded as sent. Nothing is left to send." in page.content.decode()
        order.refresh_from_db()
        assert order.status == Status.FULFILLED
        boss = User.objects.get()
        assert [(event.kind, event.message, event.actor) for event in order.events.order_by("-pk")[:2]] == [
            ("fulfil", "Handle with care", boss),
            ("shipment", "Shipment 1: 1 × MUG. DPD 12345. Handle with care", boss),
        ]

    def test_what_the_buyer_comes_for_is_made_ready(self, admin: Client) -> None:
        order = make_order(make_line("MUG", quantity=2))
        Order.objects.filter(pk=order.pk).update(collection_place="Tavern Street\n9 to 5")
        services.mark_paid(order_id=order.pk)
        detail = admin.get(order_admin_url(order)).content.decode()
        assert ("Ready to collect" in detail, "Send goods" in detail) == (True, False)
        url = reverse("order:action", args=[order.pk, "fulfil"])
        asked = admin.get(url)
        assert "Ready to collect" in asked.content.decode()
        assert set(asked.context["form"].fields).isdisjoint({"carrier", "tracking_number"})
        page = admin.post(url, {f"units_{order.lines.get().pk}": "1", "tell": "on"}, follow=True)
        assert f"1 unit of order {order.number} recorded as ready to collect. 1 still to come." in page.content.decode()
        assert "1 of 2 ready to collect" in admin.get(INDEX).content.decode()

    def test_a_note_needs_words(self, admin: Client) -> None:
        order = make_order()
        assert "Write the note." in self.post(admin, order, "note").content.decode()
        self.post(admin, order, "note", "Fragile")
        assert [event.message for event in order.events.all()] == ["", "Fragile"]

    def test_the_confirmation_again(self, admin: Client, django_capture_on_commit_callbacks: Any) -> None:
        order = make_order()
        with django_capture_on_commit_callbacks(execute=True):
            services.request_mail(order=order, kind="confirmation")
        assert len(mail.outbox) == 1
        with django_capture_on_commit_callbacks(execute=True):
            url = reverse("order:action", args=[order.pk, "resend"])
            admin.post(url, {"letter": str(order.mails.get().pk)})
        assert [letter.to for letter in mail.outbox] == [["ann@example.com"]] * 2

    @pytest.mark.parametrize("action", ["fulfil", "pay", "delete", "", "x" * 5000])
    def test_what_is_not_possible_is_refused(self, admin: Client, action: str) -> None:
        order = make_order()
        page = self.post(admin, order, action)
        assert page.status_code == 200
        assert page.context["form"].errors["action"]
        order.refresh_from_db()
        assert (order.status, order.events.count()) == (Status.AWAITING_PAYMENT, 1)

    def test_a_stale_page_decides_nothing(self, admin: Client) -> None:
        order = make_order()
        page = self.post(admin, order, "cancel", "She rang <twice>", seen_status="paid")
        text = page.content.decode()
        assert "The order has changed since you opened this page." in text
        # Nothing typed is lost, and having looked at it one may decide.
        assert "She rang &lt;twice&gt;</textarea>" in text
        assert re.findall(r'name="seen_status" value="(\w+)"', text) == ["awaiting_payment"] * 2
        order.refresh_from_db()
        assert order.status == Status.AWAITING_PAYMENT


class TestPermissions:
    def test_without_any_nothing_is_shown(self, home_page: object, client: Client) -> None:
        order = make_order()
        client.force_login(clerk())
        assert client.get(INDEX).status_code == 302
        assert client.get(order_admin_url(order)).status_code == 302
        assert INDEX not in client.get("/admin/").content.decode()

    def test_who_may_only_look_cannot_change(self, home_page: object, client: Client) -> None:
        order = make_order()
        client.force_login(clerk("view"))
        assert client.get(INDEX).status_code == 200
        page = client.get(order_admin_url(order))
        assert page.status_code == 200
        assert '<h2 id="order-change">' not in page.content.decode()
        client.post(order_admin_url(order), {"action": "note", "note": "x"})
        assert order.events.count() == 1

    def test_those_who_pack_may_both(self, home_page: object, client: Client) -> None:
        # Tests that empty every table take the group with them.
        import_module("shop.orders.migrations.0013_groups_and_history").grant(apps, None)
        user = UserFactory()
        user.groups.add(Group.objects.get(name="Fulfilment"))
        client.force_login(user)
        order = make_order()
        assert client.get(INDEX).status_code == 200
        client.post(order_admin_url(order), {"action": "note", "note": "Hello"})
        assert order.events.count() == 2

    def test_strangers_are_sent_to_the_login(self, home_page: object, client: Client) -> None:
        order = make_order()
        for answer in (client.get(INDEX), client.get(order_admin_url(order)), client.post(order_admin_url(order))):
            assert answer.headers["Location"].startswith("/account/login/")

    def test_nobody_adds_or_deletes(self, admin: Client) -> None:
        order = make_order()
        policy = OrderPermissionPolicy(Order)
        boss = User.objects.get()
        assert [policy.user_has_permission(boss, action) for action in ("view", "change", "add", "delete")] == [
            True,
            False,
            False,
            False,
        ]
        for name, arguments in (("add", []), ("delete", [order.pk]), ("edit", [order.pk]), ("copy", [order.pk])):
            with pytest.raises(NoReverseMatch):
                reverse(f"order:{name}", args=arguments)
        text = admin.get(INDEX).content.decode()
        assert "/new/" not in text
        assert "/delete/" not in text


class TestDashboard:
    def test_orders_to_send(self, admin: Client) -> None:
        order = make_order()
        assert re.search(r"0 orders", admin.get("/admin/").content.decode())
        services.mark_paid(order_id=order.pk)
        text = admin.get("/admin/").content.decode()
        assert re.search(r'href="/admin/order/\?todo=send">1 order ', text)

    def test_not_for_others(self, home_page: object, client: Client) -> None:
        client.force_login(clerk())
        assert "to send" not in client.get("/admin/").content.decode()
