"""The order desk's screens: what each role may do, at every address and with every action; pages, bulk, exports."""

import csv
import io
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from shop.accounts.models import User
from shop.accounts.tests.factories import AdminFactory, UserFactory
from shop.orders import fulfilment, returns, services
from shop.orders.actions import registry
from shop.orders.documents import numbering
from shop.orders.models import Order, OrderMail, Return
from shop.orders.permissions import RIGHTS, may
from shop.orders.statuses import Status
from shop.orders.tests.factories import CONTACT, broken_rules, make_line, make_order, paid_order
from shop.orders.viewsets import OrderViewSet, order_admin_url

pytestmark = pytest.mark.django_db
INDEX = "/admin/order/"
ROLES = {
    "Shop managers": frozenset({"view", *RIGHTS}),
    "Fulfilment": frozenset({"view", "note", "fulfil"}),
    "Editors": frozenset(),
}
# The right that each address asks for; a new address has to be named here.
ADDRESSES = {
    "index": "view",
    "index_results": "view",
    "inspect": "view",
    "action": "of the action",
    "shipment_undo": "fulfil",
    "shipment_slip": "fulfil",
    "slip": "fulfil",
    "return": "return",
    "letter": "mail",
    "invoice": "view",
    "credit_note": "view",
}


@pytest.fixture(autouse=True)
def _groups(home_page: object) -> None:
    # Tests that empty every table take the groups with them.
    for name in ("0013_groups_and_history", "0015_who_releases"):
        import_module(f"shop.orders.migrations.{name}").grant(apps, None)


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(AdminFactory(email="boss@example.com"))
    return client


def member(group: str) -> User:
    user: User = UserFactory()
    user.groups.add(Group.objects.get_or_create(name=group)[0])
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return user


@pytest.fixture
def busy() -> Order:
    """An order of which everything exists: a part sent, a part returned, a credit note, a letter."""
    order = paid_order(make_line("MUG", quantity=3))
    line = order.lines.get()
    fulfilment.send(order_id=order.pk, quantities={line.pk: 2})
    returns.announce(order_id=order.pk, quantities={line.pk: 1}, reason="faulty")
    numbering.credit(order=order, key="1", amount=100)
    return order


def address(name: str, order: Order) -> str:
    arguments: dict[str, list[Any]] = {
        "index": [],
        "index_results": [],
        "action": [order.pk, "fulfil"],
        "shipment_undo": [order.pk, order.fulfilments.get().pk],
        "shipment_slip": [order.pk, order.fulfilments.get().pk],
        "return": [order.pk, order.returns.get().pk],
        "letter": [order.pk, order.mails.get().pk],
        "credit_note": [order.pk, order.documents.get(kind="credit_note").pk],
    }
    return reverse(f"order:{name}", args=arguments.get(name, [order.pk]))


class TestRoles:
    def test_every_address_is_in_the_table(self) -> None:
        assert {pattern.name for pattern in OrderViewSet().get_urlpatterns()} == set(ADDRESSES)

    @pytest.mark.parametrize("role", [*ROLES, "Nobody"])
    def test_groups_have_exactly_their_rights(self, role: str) -> None:
        user = member(role)
        rights = ROLES.get(role, frozenset())
        assert {right for right in ("view", *RIGHTS) if may(user, right)} == rights
        orders = {name for name in user.get_all_permissions() if name.startswith("orders.") and "carrier" not in name}
        assert orders == {f"orders.{right}_order" for right in rights}
        assert not user.has_perm("accounts.change_user")
        assert user.has_perm("orders.change_carrier") == (role == "Shop managers")

    def test_those_who_pack_have_nothing_else(self) -> None:
        # Wagtail lets every group of its day choose pictures and documents; there is nothing here to choose them for.
        choosing = {"wagtailimages.choose_image", "wagtaildocs.choose_document"}
        assert member("Fulfilment").get_all_permissions() - choosing == {
            "wagtailadmin.access_admin",
            "orders.view_order",
            "orders.note_order",
            "orders.fulfil_order",
            "inventory.view_stockmovement",
        }

    @pytest.mark.parametrize("role", [*ROLES, "Nobody"])
    def test_every_address(self, role: str, busy: Order, client: Client) -> None:
        client.force_login(member(role))
        rights = ROLES.get(role, frozenset())
        for name, right in ADDRESSES.items():
            answer = client.get(address(name, busy), {"as": "page"})
            needed = "fulfil" if name == "action" else right
            assert answer.status_code == (200 if needed in rights else 302), (role, name)

    @pytest.mark.parametrize("role", [*ROLES, "Nobody"])
    def test_every_action(self, role: str, busy: Order, client: Client) -> None:
        user = member(role)
        client.force_login(user)
        rights = ROLES.get(role, frozenset())
        allowed = {action.code for action in registry.all() if action.permission in rights}
        assert {action.code for action in registry.offered(busy, user)} <= allowed
        for action in registry.all():
            assert action.permission in RIGHTS, action.code
            before = busy.events.count()
            if action.form:
                answer = client.get(reverse("order:action", args=[busy.pk, action.code]))
                assert (answer.status_code == 200) <= (action.code in allowed), (role, action.code)
                if action.code not in allowed:
                    posted = client.post(reverse("order:action", args=[busy.pk, action.code]), {})
                    assert posted.status_code == 302
            elif action.code not in allowed:
                client.post(order_admin_url(busy), {"action": action.code, "note": "x"})
            assert busy.events.count() == before, (role, action.code)

    def test_an_action_that_asks_for_more_is_a_link_to_its_page(self, busy: Order, client: Client) -> None:
        user = member("Shop managers")
        client.force_login(user)
        text = client.get(order_admin_url(busy)).content.decode()
        offered = registry.offered(busy, user)
        assert {"fulfil", "return", "withdraw"} <= {action.code for action in offered if action.has_page}
        for action in offered:
            url = reverse("order:action", args=[busy.pk, action.code])
            assert (f'href="{url}"' in text) == action.has_page, action.code

    def test_exports_are_a_right_of_their_own(self, client: Client) -> None:
        for role in ROLES:
            client.force_login(member(role))
            answer = client.get(INDEX, {"export": "csv"})
            assert answer.status_code == (200 if "export" in ROLES[role] else 302), role
            if role == "Fulfilment":
                assert "export=csv" not in client.get(INDEX).content.decode()


class TestPages:
    def test_a_shipment_is_undone(self, busy: Order, admin: Client) -> None:
        url = address("shipment_undo", busy)
        returns.drop(return_id=busy.returns.get().pk)
        assert "are then to be sent again" in admin.get(url).content.decode()
        page = admin.post(url, {"note": "Wrong box"}, follow=True).content.decode()
        assert "does not count any more" in page
        assert busy.lines.get().fulfilled == 0
        assert admin.get(url).status_code == 404

    def test_a_return_is_received_and_closed(self, busy: Order, admin: Client) -> None:
        url = address("return", busy)
        part = busy.returns.get().lines.get()
        refused = admin.post(url, {"step": "receive", f"keep_{part.pk}": "2"})
        assert refused.status_code == 422
        assert "Only 1 came back." in refused.content.decode()
        # Nothing is written off because a field was left empty.
        assert "0 where none does" in admin.post(url, {"step": "receive"}).content.decode()
        admin.post(url, {"step": "receive", f"keep_{part.pk}": "0", "note": "Broken"})
        assert busy.returns.get().state == Return.State.RECEIVED
        assert admin.post(url, {"step": "receive"}).status_code == 422
        admin.post(url, {"step": "close"})
        assert busy.returns.get().state == Return.State.CLOSED
        assert broken_rules() == []

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({}, "Write how many units: at least one."),
            ({"units": "2"}, "At most 1."),
            ({"units": "-1"}, "Not below 0."),
            ({"units": "one"}, "Write a whole number."),
            ({"units": "9" * 30}, "At most 1."),
            ({"units": "1", "tracking_number": "77"}, "Say who carries it"),
            ({"units": "1", "carrier": "Nobody"}, "not one of the available choices"),
        ],
    )
    def test_sending_what_cannot_be(self, busy: Order, admin: Client, fields: dict[str, str], words: str) -> None:
        data = {(f"units_{busy.lines.get().pk}" if name == "units" else name): value for name, value in fields.items()}
        answer = admin.post(address("action", busy), data)
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert busy.lines.get().fulfilled == 2

    @pytest.mark.parametrize("code", ["fulfil", "withdraw", "return"])
    def test_a_form_that_is_sent_twice_counts_once(self, admin: Client, code: str) -> None:
        order = paid_order(make_line("MUG", quantity=5))
        line = order.lines.get()
        if code == "return":
            fulfilment.send(order_id=order.pk, quantities={line.pk: 4})
        url = reverse("order:action", args=[order.pk, code])
        seen = admin.get(url).context["form"]["seen"].value()
        data = {f"units_{line.pk}": "1", "seen": seen, "restock": "yes", "reason": "faulty"}
        assert admin.post(url, data).status_code == 302
        again = admin.post(url, data)
        assert again.status_code == 422
        assert "The order has changed since you opened this page." in again.content.decode()
        line.refresh_from_db()
        done = {"fulfil": line.fulfilled, "withdraw": line.withdrawn, "return": line.returned}
        assert done[code] == 1
        # Having looked at it, one may go on with what was typed.
        assert again.context["form"][f"units_{line.pk}"].value() == "1"
        assert admin.post(url, {**data, "seen": again.context["form"]["seen"].value()}).status_code == 302

    def test_a_return_that_is_here_already(self, busy: Order, admin: Client) -> None:
        data = {f"units_{busy.lines.get().pk}": "1", "reason": "unwanted", "here": "on"}
        page = admin.post(reverse("order:action", args=[busy.pk, "return"]), data, follow=True)
        assert "Return 2 is received and back on the shelf." in page.content.decode()
        assert broken_rules() == []

    def test_units_are_taken_off(self, busy: Order, admin: Client) -> None:
        data = {f"units_{busy.lines.get().pk}": "1", "restock": "no"}
        page = admin.post(reverse("order:action", args=[busy.pk, "withdraw"]), data, follow=True)
        assert f"1 unit taken off order {busy.number}." in page.content.decode()
        busy.refresh_from_db()
        assert busy.status == Status.FULFILLED

    @pytest.mark.parametrize("name", ["x", "note", "cancel"])
    def test_actions_without_a_page(self, busy: Order, admin: Client, name: str) -> None:
        assert admin.get(reverse("order:action", args=[busy.pk, name])).status_code == 404

    def test_what_is_no_longer_possible_leads_back(self, admin: Client) -> None:
        order = make_order()
        page = admin.get(reverse("order:action", args=[order.pk, "fulfil"]), follow=True)
        assert "That is no longer possible" in page.content.decode()

    def test_a_letter_is_read_before_it_is_sent(self, busy: Order, admin: Client) -> None:
        text = admin.get(address("letter", busy)).content.decode()
        assert f"A parcel of your order {busy.number} is on its way" in text
        frame = BeautifulSoup(text, "html.parser").select_one("iframe[sandbox]")
        assert frame is not None
        # All of it: a quotation mark of the letter must not end the attribute.
        letter = str(frame["srcdoc"])
        assert "A parcel is on its way" in letter
        assert letter.rstrip().endswith("</html>")
        OrderMail.objects.update(key="999")
        assert "was undone" in admin.get(address("letter", busy)).content.decode()


class TestFilters:
    def numbers(self, admin: Client, **query: Any) -> list[str]:
        return [order.number for order in admin.get(INDEX, query).context["object_list"]]

    def test_what_is_to_be_done(self, busy: Order, admin: Client) -> None:
        whole, sent = paid_order(), services.fulfil(order_id=paid_order().pk)
        assert set(self.numbers(admin, todo="send")) == {busy.number, whole.number}
        assert self.numbers(admin, todo="rest") == [busy.number]
        assert self.numbers(admin, todo="return") == [busy.number]
        assert self.numbers(admin, todo="returned") == [busy.number]
        assert sent.number in self.numbers(admin, status="fulfilled")

    def test_where_it_goes_and_how(self, admin: Client) -> None:
        from dataclasses import replace

        make_order()
        abroad = make_order(contact=replace(CONTACT, country="DE"))
        assert self.numbers(admin, country="DE") == [abroad.number]
        Order.objects.filter(pk=abroad.pk).update(shipping_label="Courier")
        assert self.numbers(admin, shipping_label="Courier") == [abroad.number]


class TestBulk:
    def url(self, action: str, *orders: Order) -> str:
        ids = "&".join(f"id={order.pk}" for order in orders)
        return f"/admin/bulk/orders/order/{action}/?{ids}&next=/admin/order/"

    def test_many_are_marked_as_sent(self, admin: Client) -> None:
        first, second, waiting = paid_order(), paid_order(make_line("BOWL", quantity=2)), make_order()
        url = self.url("mark_sent", first, second, waiting)
        text = admin.get(url).content.decode()
        assert "These have nothing to be sent" in text
        page = admin.post(url, {"note": "Friday's van"}, follow=True)
        assert "2 orders marked as sent." in page.content.decode()
        assert list(Order.objects.order_by("pk").values_list("status", flat=True)) == ["fulfilled"] * 2 + [
            "awaiting_payment"
        ]
        assert OrderMail.objects.count() == 0  # nobody ticked the box
        assert broken_rules() == []

    def test_slips_of_many_are_one_document(self, admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("shop.orders.documents.pdf.problem", lambda: "no pango here")
        first, second = paid_order(), paid_order(make_line("BOWL"))
        answer = admin.post(self.url("print_slips", first, second, make_order()))  # what is not paid is not packed
        text = answer.content.decode()
        assert answer.status_code == 200
        assert (first.number in text, second.number in text, text.count("<article")) == (True, True, 2)

    @pytest.mark.parametrize("action", ["mark_sent", "print_slips"])
    def test_not_for_those_without_the_right(self, action: str, client: Client) -> None:
        user = member("Nobody")
        user.user_permissions.add(Permission.objects.get(codename="view_order"))
        client.force_login(user)
        order = paid_order()
        client.post(self.url(action, order), {})
        order.refresh_from_db()
        assert order.status == Status.PAID
        assert "You may not do that with orders." in client.get(self.url(action, order)).content.decode()

    @pytest.mark.parametrize("narrowed", ["country=DE", "q=Hannah", "country=DE&placed_at_from=2020-01-01"])
    def test_all_of_a_narrowed_list_is_no_more_than_it_shows(self, admin: Client, narrowed: str) -> None:
        here, abroad = paid_order(), paid_order(make_line("BOWL"))
        Order.objects.filter(pk=abroad.pk).update(country="DE", name="Hannah Vogt")
        page = admin.get(f"/admin/bulk/orders/order/mark_sent/?{narrowed}&id=all&next=/admin/order/")
        assert [each["item"].pk for each in page.context["items"]] == [abroad.pk]
        # What comes in while somebody reads the page was not agreed to.
        late = paid_order(make_line("PLATE"))
        Order.objects.filter(pk=late.pk).update(country="DE", name="Hannah Vogt")
        admin.post(page.context["submit_url"], {})
        assert Order.objects.get(status=Status.FULFILLED) == abroad
        assert set(Order.objects.filter(status=Status.PAID)) == {here, late}

    def test_a_filter_that_means_nothing_finds_nothing(self, admin: Client) -> None:
        paid_order()
        page = admin.get("/admin/bulk/orders/order/mark_sent/?id=all&country=nowhere")
        assert "None of these orders is to be sent." in page.content.decode()

    @pytest.mark.parametrize("query", ["id=x", f"id={2**70}", "id=-1", "", "id=all"])
    def test_any_choice_is_answered(self, admin: Client, query: str) -> None:
        paid_order()
        assert admin.get(f"/admin/bulk/orders/order/mark_sent/?{query}").status_code == 200


class TestExports:
    def rows(self, answer: Any) -> list[dict[str, str]]:
        text = b"".join(answer.streaming_content).decode()
        return list(csv.DictReader(io.StringIO(text)))

    def test_orders(self, busy: Order, admin: Client) -> None:
        [row] = self.rows(admin.get(INDEX, {"export": "csv"}))
        assert (row["Order"], row["Total"], row["Tax"], row["Currency"]) == (busy.number, "41.45", "6.91", "GBP")
        assert (row["Units"], row["Units sent"], row["Units returned"], row["Invoice"]) == ("3", "2", "1", "INV-000001")

    def test_lines(self, admin: Client) -> None:
        order = make_order(make_line("MUG", quantity=2), make_line("BOWL", unit_price=800))
        rows = self.rows(admin.get(INDEX, {"export": "csv", "of": "order-lines"}))
        assert [(row["Order"], row["SKU"], row["Units"], row["Price"], row["Tax rate, %"]) for row in rows] == [
            (order.number, "MUG", "2", "12.50", "20.0"),
            (order.number, "BOWL", "1", "8.00", "20.0"),
        ]

    def test_only_what_is_filtered(self, admin: Client) -> None:
        old, new = make_order(), make_order()
        Order.objects.filter(pk=old.pk).update(placed_at=timezone.now() - timedelta(days=40))
        day = (timezone.localtime() - timedelta(days=30)).date().isoformat()
        rows = self.rows(admin.get(INDEX, {"export": "csv", "placed_at_from": day}))
        assert [row["Order"] for row in rows] == [new.number]

    @pytest.mark.parametrize("of", ["orders", "order-lines"])
    def test_a_workbook(self, busy: Order, admin: Client, of: str) -> None:
        answer: Any = admin.get(INDEX, {"export": "xlsx", "of": of})
        sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
        assert sheet is not None
        values = list(sheet.iter_rows(values_only=True))
        assert (len(values), values[0][0], values[1][0]) == (2, "Order", busy.number)

    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "＝"])
    def test_nothing_is_run_as_a_formula(self, admin: Client, start: str) -> None:
        order = make_order(make_line("MUG", title=f"{start}1+1"))
        Order.objects.update(name=f"{start}HYPERLINK(1)")
        [row] = self.rows(admin.get(INDEX, {"export": "csv"}))
        assert row["Name"] == f"'{start}HYPERLINK(1)"
        answer: Any = admin.get(INDEX, {"export": "xlsx", "of": "order-lines"})
        sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
        assert sheet is not None
        assert [cell.data_type for cell in sheet[2]].count("f") == 0
        assert f"'{start}1+1" in [cell.value for cell in sheet[2]]
        assert order.number

    def test_control_characters_do_not_break_a_workbook(self, admin: Client) -> None:
        make_order()
        Order.objects.update(name="An\x0bn\x1f")
        answer: Any = admin.get(INDEX, {"export": "xlsx"})
        sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
        assert sheet is not None
        assert "Ann" in [cell.value for cell in sheet[2]]

    def test_queries_do_not_grow_with_the_orders(self, admin: Client) -> None:
        def queries(count: int) -> int:
            from django.db import connection
            from django.test.utils import CaptureQueriesContext

            for _ in range(count):
                make_order()
            with CaptureQueriesContext(connection) as seen:
                self.rows(admin.get(INDEX, {"export": "csv"}))
            return len(seen)

        queries(1)  # what is remembered from then on
        assert queries(1) == queries(6)
