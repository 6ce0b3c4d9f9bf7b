"""Stock in the admin: what staff see, write and export, and who may."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from shop.accounts.models import User
from shop.inventory import services
from shop.inventory.levels import default_location
from shop.inventory.models import StockItem, StockLevel, StockLocation, StockMovement
from shop.inventory.tests.factories import LocationFactory
from tests.factories import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def member(group: str) -> Client:
    user = User.objects.create_user(f"{group.replace(' ', '-').lower()}@example.com", "a-long-password")
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def manager(home_page: Page) -> Client:
    return member("Shop managers")


@pytest.fixture
def editor(home_page: Page) -> Client:
    return member("Editors")


@pytest.fixture
def mug(home_page: Page) -> StockItem:
    make_product(title="Mug", sku="MUG", stock=5)
    return StockItem.objects.get(sku="MUG")


@pytest.fixture
def barn() -> StockLocation:
    location: StockLocation = LocationFactory(name="Barn", code="BARN")
    return location


def words(response: Any, selector: str = "main") -> str:
    found = BeautifulSoup(response.content.decode(), "html.parser").select(selector)
    return " | ".join(" ".join(each.get_text(" ").split()) for each in found)


def address(item: StockItem) -> str:
    return reverse("inventory_item", args=[item.pk])


def post(client: Client, item: StockItem, **fields: Any) -> Any:
    page = client.get(address(item))
    soup = BeautifulSoup(page.content.decode(), "html.parser")
    seen = soup.select_one("input[name=seen]")
    assert seen is not None
    return client.post(
        address(item), {"seen": seen.get("value", ""), "location": default_location().pk, "reason": "", **fields}
    )


def test_the_list_says_what_is_where(manager: Client, mug: StockItem, barn: StockLocation) -> None:
    services.receive(sku="MUG", quantity=3, location=barn)
    services.reserve({"MUG": 2})
    make_product(title="Bowl", sku="BOWL", stock=1)
    services.reserve({"BOWL": 1})
    services.set_reorder_point(sku="MUG", units=6)
    page = manager.get(reverse("inventory_stock"), {"q": "mug"})
    assert "MUG Mug Stock room: 5, Barn: 3 8 2 6 6 Low" in words(page, "tbody tr")
    assert "BOWL" not in words(page)
    assert "BOWL" in words(manager.get(reverse("inventory_stock"), {"state": "out"}))
    assert "MUG" in words(manager.get(reverse("inventory_stock"), {"location": barn.pk}))
    low = manager.get(reverse("inventory_low_stock"))
    assert "MUG" in words(low, "tbody")
    assert "1 to order again." in manager.get(reverse("wagtailadmin_home")).content.decode()


def test_the_list_costs_the_same_for_many(manager: Client, mug: StockItem, django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        services.receive(sku=f"MANY-{number}", quantity=1)
    manager.get(reverse("inventory_stock"))
    with django_assert_max_num_queries(16):
        manager.get(reverse("inventory_stock"))


def test_an_adjustment_needs_a_reason(manager: Client, mug: StockItem) -> None:
    refused = post(manager, mug, what="adjust", quantity="-1")
    assert refused.status_code == 422
    assert "Say why: it goes into the ledger." in words(refused)
    assert post(manager, mug, what="adjust", quantity="-1", reason="Broken").status_code == 302
    line = StockMovement.objects.latest("pk")
    assert (line.kind, line.quantity, line.reason) == ("adjustment", -1, "Broken")
    assert line.created_by is not None
    too_many = post(manager, mug, what="adjust", quantity="-9", reason="Gone")
    assert "Stock of MUG cannot fall below 0." in words(too_many)


def test_goods_come_in_move_and_are_counted(manager: Client, mug: StockItem, barn: StockLocation) -> None:
    assert post(manager, mug, what="receive", quantity="4", location=barn.pk).status_code == 302
    assert post(manager, mug, what="transfer", quantity="1", location=barn.pk, target="").status_code == 422
    assert (
        post(manager, mug, what="transfer", quantity="1", location=barn.pk, target=default_location().pk).status_code
        == 302
    )
    assert post(manager, mug, what="count", quantity="2", location=barn.pk).status_code == 302
    rows = StockLevel.objects.filter(item=mug).order_by("location__name").values_list("location__name", "on_hand")
    assert list(rows) == [("Barn", 2), ("Stock room", 6)]
    assert "Stocktake" in words(manager.get(address(mug)), "#stock-last ~ table")


def test_a_count_of_yesterday_is_refused(manager: Client, mug: StockItem) -> None:
    page = BeautifulSoup(manager.get(address(mug)).content.decode(), "html.parser")
    seen = page.select_one("input[name=seen]")
    assert seen is not None
    services.adjust(sku="MUG", quantity=-1, reason="Broken")
    fields = {"what": "count", "quantity": "5", "location": default_location().pk, "seen": seen["value"], "reason": ""}
    refused = manager.post(address(mug), fields)
    assert "Stock has moved since you opened this page." in words(refused)
    assert StockItem.objects.get(sku="MUG").on_hand == 4


def test_the_reorder_point_is_stored(manager: Client, mug: StockItem) -> None:
    assert manager.post(address(mug), {"reorder": "1", "reorder_point": "3"}).status_code == 302
    assert StockItem.objects.get(sku="MUG").reorder_point == 3
    assert manager.post(address(mug), {"reorder": "1", "reorder_point": "-3"}).status_code == 422
    assert manager.post(address(mug), {"reorder": "1", "reorder_point": "9" * 30}).status_code == 422


def counting(client: Client, location: StockLocation) -> dict[str, str]:
    page = client.get(reverse("inventory_stocktake"), {"location": location.pk})
    soup = BeautifulSoup(page.content.decode(), "html.parser")
    return {str(field["name"]): str(field.get("value", "")) for field in soup.select("form[method=post] input[name]")}


def test_a_stocktake_writes_what_was_typed(manager: Client, mug: StockItem, barn: StockLocation) -> None:
    services.receive(sku="BOWL", quantity=4)
    bowl = StockItem.objects.get(sku="BOWL")
    url = f"{reverse('inventory_stocktake')}?location={default_location().pk}"
    fields = counting(manager, default_location())
    assert (fields[f"i{mug.pk}-seen"], fields[f"i{mug.pk}-counted"]) == ("5", "")
    lines = StockMovement.objects.count()
    assert manager.post(url, fields).status_code == 302
    assert StockMovement.objects.count() == lines
    # One is sold while somebody counts the other.
    services.adjust(sku="BOWL", quantity=-1, reason="Sold at the fair")
    answer = manager.post(url, fields | {f"i{mug.pk}-counted": "7", f"i{bowl.pk}-counted": "4", "reason": "Shelf 3"})
    assert answer.status_code == 422
    assert "Stock of BOWL at Stock room is 3 now, no longer 4." in words(answer)
    assert (StockItem.objects.get(sku="MUG").on_hand, StockItem.objects.get(sku="BOWL").on_hand) == (7, 3)
    line = StockMovement.objects.filter(item=mug).latest("pk")
    assert (line.kind, line.quantity, line.reason) == ("count", 2, "Shelf 3")
    # The refused row shows the number of now and what was typed: saving again is a decision.
    soup = BeautifulSoup(answer.content.decode(), "html.parser")
    again = {str(f["name"]): str(f.get("value", "")) for f in soup.select("form[method=post] input[name]")}
    assert (again[f"i{bowl.pk}-seen"], again[f"i{bowl.pk}-counted"]) == ("3", "4")
    assert manager.post(url, again).status_code == 302
    assert StockItem.objects.get(sku="BOWL").on_hand == 4


def test_a_location_is_opened_and_closed(manager: Client, mug: StockItem) -> None:
    new = {"name": "Barn", "code": "BARN", "position": "2", "active": "on"}
    assert manager.post(reverse("stock_locations:add"), new).status_code == 302
    barn = StockLocation.objects.get(code="BARN")
    services.receive(sku="MUG", quantity=2, location=barn)
    edit = reverse("stock_locations:edit", args=[barn.pk])
    assert manager.get(edit).status_code == 200
    closed = {key: value for key, value in new.items() if key != "active"}
    services.reserve({"MUG": 6})
    refused = manager.post(edit, closed)
    assert "Units at Barn are reserved for open orders: MUG." in words(refused)
    services.release({"MUG": 6})
    assert manager.post(edit, closed).status_code == 302
    assert StockItem.objects.get(sku="MUG").sellable == 5
    room = {"name": "Stock room", "code": "MAIN", "position": "0", "active": "on"}
    alone = manager.post(reverse("stock_locations:edit", args=[default_location().pk]), room)
    assert "Make another location the default instead: there is always one." in words(alone)
    assert manager.post(edit, new | {"is_default": "on"}).status_code == 302
    assert default_location() == barn
    assert manager.get(reverse("stock_locations:delete", args=[barn.pk])).status_code in (302, 403)


def test_the_export_runs_no_formula(manager: Client, mug: StockItem, barn: StockLocation) -> None:
    make_product(title="=HYPERLINK(1)", sku="+SUM", stock=2)
    services.receive(sku="MUG", quantity=3, location=barn)
    answer: Any = manager.get(reverse("inventory_stock"), {"export": "csv"})
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0].startswith("SKU,Product,at MAIN,at BARN,")
    assert lines[1:] == ["'+SUM,'=HYPERLINK(1),2,0,2,0,0,2,,In stock", "MUG,Mug,5,3,8,0,0,8,,In stock"]
    assert manager.get(reverse("inventory_stock"), {"export": "xlsx"}).status_code == 200
    low: Any = manager.get(reverse("inventory_low_stock"), {"export": "csv"})
    assert b"SKU" in b"".join(low.streaming_content)


def test_editors_see_stock_and_change_nothing(editor: Client, mug: StockItem) -> None:
    for name in ("inventory_stock", "inventory_low_stock", "inventory_stocktake", "inventory_ledger"):
        assert editor.get(reverse(name)).status_code == 200
    page = editor.get(address(mug))
    assert "Write into the ledger" not in words(page)
    fields = {"what": "adjust", "quantity": "9", "reason": "x", "location": default_location().pk}
    assert editor.post(address(mug), fields).status_code in (302, 403)
    assert editor.post(reverse("inventory_stocktake"), {f"i{mug.pk}-counted": "1"}).status_code in (302, 403)
    assert editor.get(reverse("stock_locations:add")).status_code in (302, 403)
    assert StockItem.objects.get(sku="MUG").on_hand == 5


@pytest.mark.parametrize("value", ["9" * 30, "-1", "x" * 6000, "1e9", "²"])
def test_nothing_that_is_typed_breaks_a_screen(manager: Client, mug: StockItem, value: str) -> None:
    nul = manager.post(address(mug), {"what": "adjust", "quantity": "1", "reason": "\x00", "seen": "\x00"})
    assert nul.status_code in (400, 422)
    for name in ("inventory_stock", "inventory_low_stock", "inventory_stocktake", "inventory_ledger"):
        query: dict[str, str] = {
            "q": value,
            "location": value,
            "state": value,
            "p": value,
            "sku": value,
            "created_at_from": value,
        }
        assert manager.get(reverse(name), query).status_code == 200
    for what in ("adjust", "count", "receive", "transfer", value):
        fields = {"what": what, "quantity": value, "location": value, "target": value, "reason": value, "seen": value}
        assert manager.post(address(mug), fields).status_code in (302, 422)
    typed = {f"i{mug.pk}-counted": value, f"i{mug.pk}-seen": value, "reason": value}
    assert manager.post(reverse("inventory_stocktake"), typed).status_code in (302, 422)
