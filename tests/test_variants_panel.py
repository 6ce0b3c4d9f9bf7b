"""Variants, prices and stock on the product's screen in the admin."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page, PageLogEntry

from shop.accounts.models import User
from shop.catalog.models import ProductPage, Variant
from shop.catalog.tests.factories import ImageFactory, ProductImageFactory, ProductPageFactory
from shop.inventory import services as inventory
from shop.inventory.models import StockItem, StockMovement
from shop.pricing.models import Price
from shop.pricing.selectors import current_quotes
from shop.pricing.services import set_price
from tests.factories import add_variant, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]

PRICE_AND_STOCK = ("add_price", "view_price", "add_stockmovement", "view_stockmovement")
FETCH = {"X-Requested-With": "XMLHttpRequest"}


def member(email: str, *, pages: bool = True, permissions: tuple[str, ...] = ()) -> Client:
    """Somebody who enters the admin, with the right to edit pages or some permissions."""
    user = User.objects.create_user(email, "a-long-password")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    user.user_permissions.add(*Permission.objects.filter(codename__in=permissions))
    if pages:
        group = Group.objects.create(name=f"Pages of {email}")
        change = Permission.objects.get(content_type__app_label="wagtailcore", codename="change_page")
        GroupPagePermission.objects.create(group=group, page=Page.objects.get(depth=1), permission=change)
        user.groups.add(group)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def manager(home_page: Page) -> Client:
    return member("manager@example.com", permissions=PRICE_AND_STOCK)


@pytest.fixture
def mug(home_page: Page) -> ProductPage:
    """Chalk at 12.00, 10 on hand; sea at 13.00, 4 on hand."""
    page = ProductPageFactory(title="Mug", slug="mug")
    add_variant(page, sku="CHALK", options=[("Colour", "Chalk")], price=1200, stock=10, weight=340)
    add_variant(page, sku="SEA", options=[("Colour", "Sea")], price=1300, stock=4)
    return page


class Table:
    """What a person sees, and posts back after changing some of it."""

    def __init__(self, client: Client, product: ProductPage) -> None:
        self.client = client
        self.url = reverse("catalog_variants", args=[product.pk])
        self.fields = self.read(client.get(self.url).content.decode())

    @staticmethod
    def read(html: str) -> dict[str, str]:
        soup = BeautifulSoup(html, "html.parser")
        for pattern in soup.select("template"):
            pattern.decompose()
        fields: dict[str, str] = {}
        for item in soup.select("[form=variants-form][name]"):
            if item.name == "select":
                chosen = item.select_one("option[selected]") or item.select_one("option")
                fields[str(item["name"])] = str(chosen["value"]) if chosen else ""
            elif item.get("type") != "checkbox":
                fields[str(item["name"])] = str(item.get("value", ""))
            elif item.has_attr("checked"):
                fields[str(item["name"])] = "on"
        return fields

    def field(self, sku: str, name: str) -> str:
        return f"v{Variant.objects.get(sku=sku).pk}-{name}"

    def post(self, changes: dict[str, Any] | None = None, *, without: tuple[str, ...] = ()) -> Any:
        data = {key: value for key, value in {**self.fields, **(changes or {})}.items() if key not in without}
        return self.client.post(self.url, data, headers=FETCH)

    def change(self, of: str, **values: Any) -> Any:
        """``change("SEA", price_amount="9")``: shared fields are named ``shared__...``."""
        changes = {
            (f"shared-{name.removeprefix('shared__')}" if name.startswith("shared__") else self.field(of, name)): value
            for name, value in values.items()
        }
        return self.post(changes)


def messages(response: Any) -> list[str]:
    soup = BeautifulSoup(response.content.decode(), "html.parser")
    return [" ".join(item.get_text(" ").split()) for item in soup.select(".variants__error")]


def status(response: Any) -> str:
    found = BeautifulSoup(response.content.decode(), "html.parser").select_one("[data-variants-status]")
    return found.get_text() if found else ""


def price(sku: str) -> tuple[int, int | None]:
    variant = Variant.objects.get(sku=sku)
    quote = current_quotes([variant.pk])[variant.pk]
    return quote.amount, quote.compare_at


def on_hand(sku: str) -> int:
    return StockItem.objects.get(sku=sku).on_hand


def test_the_table_shows_what_is_stored(manager: Client, mug: ProductPage) -> None:
    table = Table(manager, mug)
    assert table.fields["names-name_0"] == "Colour"
    seen = {name: table.fields[table.field("CHALK", name)] for name in ("option_0", "sku", "weight")}
    assert seen == {"option_0": "Chalk", "sku": "CHALK", "weight": "340"}
    assert table.fields[table.field("CHALK", "price_amount")] == "12.00"
    assert table.fields[table.field("CHALK", "stock_on_hand")] == "10"


def test_posting_it_back_changes_nothing(manager: Client, mug: ProductPage) -> None:
    rows = (Price.objects.count(), StockMovement.objects.count(), Variant.objects.count())
    response = Table(manager, mug).post()
    assert (response.status_code, status(response)) == (200, "Nothing was changed.")
    assert (Price.objects.count(), StockMovement.objects.count(), Variant.objects.count()) == rows
    assert not PageLogEntry.objects.filter(action="catalog.variants").exists()


def test_a_price_is_appended(manager: Client, mug: ProductPage) -> None:
    response = Table(manager, mug).change(
        "SEA", price_amount="£11.50", price_compare_at="13", shared__price_reason="Summer"
    )
    assert status(response) == "Saved: SEA."
    assert price("SEA") == (1150, 1300)
    row = Price.objects.order_by("-pk")[0]
    assert (row.reason, row.created_by.email) == ("Summer", "manager@example.com")  # type: ignore[union-attr]
    assert row.variant.prices.count() == 2
    entry = PageLogEntry.objects.get(action="catalog.variants")
    assert entry.data == {"skus": ["SEA"]}
    assert entry.message == "Variants, prices or stock changed: SEA"


def test_a_price_may_start_later(manager: Client, mug: ProductPage) -> None:
    begins = timezone.localtime(timezone.now() + timedelta(days=3)).replace(second=0, microsecond=0)
    table = Table(manager, mug)
    response = table.change("SEA", price_amount="9", shared__price_starts_at=begins.strftime("%Y-%m-%dT%H:%M"))
    assert response.status_code == 200
    assert price("SEA") == (1300, None)
    assert Price.objects.get(amount=900).valid_from == begins
    assert "£9.00 from" in response.content.decode()
    past = (begins - timedelta(days=9)).strftime("%Y-%m-%dT%H:%M")
    refused = table.change("SEA", price_amount="8", shared__price_starts_at=past)
    assert messages(refused) == ["That is over. Leave it empty to start at once."]


def test_a_sale_ends_by_itself(manager: Client, mug: ProductPage) -> None:
    begins = timezone.localtime(timezone.now() + timedelta(days=3)).replace(second=0, microsecond=0)
    typed = {
        "shared__price_starts_at": begins.strftime("%Y-%m-%dT%H:%M"),
        "shared__price_ends_at": (begins + timedelta(days=4)).strftime("%Y-%m-%dT%H:%M"),
    }
    response = Table(manager, mug).change("SEA", price_amount="9", price_compare_at="13", **typed)
    assert status(response) == "Saved: SEA."
    rows = Variant.objects.get(sku="SEA").prices.order_by("valid_from").values_list("amount", "valid_from")
    assert list(rows)[1:] == [(900, begins), (1300, begins + timedelta(days=4))]
    typed["shared__price_ends_at"] = typed["shared__price_starts_at"]
    refused = Table(manager, mug).change("SEA", price_amount="8", **typed)
    assert messages(refused) == ["SEA, Price, GBP: The sale must end after it begins."]


def test_the_table_says_what_shoppers_see_struck_through(manager: Client, mug: ProductPage) -> None:
    response = Table(manager, mug).change("SEA", price_amount="9", price_compare_at="20")
    assert "struck through: £13.00, the lowest of the 30 days before" in response.content.decode()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"price_amount": "12.505"},
            "SEA, Price, GBP: '12.505' has more than 2 decimal places, the most that GBP has.",
        ),
        ({"price_amount": "cheap"}, "SEA, Price, GBP: 'cheap' is not an amount of money. Write it like 12.50."),
        ({"price_amount": "-1"}, "SEA, Price, GBP: A price is at least 0."),
        ({"price_amount": ""}, "SEA, Price, GBP: To stop selling it, untick Active."),
        ({"price_compare_at": "13.00"}, "SEA, Compare at: The compare-at price must be higher than the price."),
        ({"stock_on_hand": "-1", "shared__stock_reason": "x"}, "SEA, On hand: Stock of SEA cannot fall below 0."),
        ({"stock_on_hand": ""}, "SEA, On hand: How many are there? Give a number, or untick Counted."),
        ({"stock_on_hand": "many"}, "SEA, On hand: Enter a whole number."),
        ({"stock_on_hand": "5"}, "Say why stock changes: it goes into the ledger."),
        ({"sku": ""}, "SEA, SKU: This field is required."),
        ({"sku": "CHALK"}, "SEA, SKU: Another row has the same SKU."),
        ({"sku": "TAKEN"}, "SEA, SKU: TAKEN is the SKU of “Bowl” already."),
        ({"option_0": "Chalk"}, "SEA, Option 1: The same options as CHALK: Chalk. Shoppers could not tell them apart."),
        ({"option_1": "Large"}, "SEA, Option 1: An option with a value needs a name."),
        ({"weight": "-4"}, "SEA, Weight, g: Ensure this value is greater than or equal to 0."),
    ],
)
def test_what_may_not_be_is_explained_and_nothing_is_stored(
    manager: Client, mug: ProductPage, values: dict[str, str], message: str
) -> None:
    make_product(title="Bowl", sku="TAKEN")
    table = Table(manager, mug)
    response = table.post(
        {
            table.field("CHALK", "weight"): "999",
            table.field("CHALK", "price_amount"): "99",
            **{
                (f"shared-{name[8:]}" if name.startswith("shared__") else table.field("SEA", name)): value
                for name, value in values.items()
            },
        }
    )
    assert response.status_code == 422
    assert messages(response) == [message]
    assert status(response) == "Nothing was saved: see the messages above."
    assert Variant.objects.get(sku="CHALK").weight == 340
    assert (price("CHALK"), price("SEA"), on_hand("SEA")) == ((1200, None), (1300, None), 4)
    assert 'value="99"' in response.content.decode()


def test_all_messages_come_at_once(manager: Client, mug: ProductPage) -> None:
    table = Table(manager, mug)
    response = table.post(
        {
            table.field("CHALK", "price_compare_at"): "1",
            table.field("SEA", "stock_on_hand"): "9",
            table.field("SEA", "sku"): "",
        }
    )
    assert len(messages(response)) == 3


def test_stock_goes_into_the_ledger(manager: Client, mug: ProductPage) -> None:
    Table(manager, mug).change("SEA", stock_on_hand="9", shared__stock_reason="Counted")
    assert on_hand("SEA") == 9
    line = StockMovement.objects.order_by("-pk")[0]
    assert (line.kind, line.quantity, line.reason) == ("adjustment", 5, "Counted")
    assert line.created_by.email == "manager@example.com"  # type: ignore[union-attr]


def test_reserved_units_are_shown_and_cannot_be_counted_away(manager: Client, mug: ProductPage) -> None:
    inventory.reserve({"SEA": 3})
    table = Table(manager, mug)
    assert "3 reserved" in manager.get(table.url).content.decode()
    response = table.change("SEA", stock_on_hand="2", shared__stock_reason="Counted")
    assert messages(response) == [
        "SEA, On hand: 3 of SEA are reserved for open orders, so 2 cannot be all that is left."
    ]


def test_counting_may_stop_and_start(manager: Client, mug: ProductPage) -> None:
    table = Table(manager, mug)
    table.post(without=(table.field("SEA", "stock_tracked"),))
    assert not StockItem.objects.get(sku="SEA").tracked
    inventory.reserve({"SEA": 50})
    inventory.commit_sale({"SEA": 50}, "C-1")
    table = Table(manager, mug)
    refused = table.change("SEA", stock_tracked="on", stock_on_hand="-1", shared__stock_reason="x")
    assert refused.status_code == 422
    assert table.change("SEA", stock_tracked="on", stock_on_hand="6", shared__stock_reason="x").status_code == 200
    item = StockItem.objects.get(sku="SEA")
    assert (item.on_hand, item.tracked) == (6, True)


def test_a_new_variant_with_price_and_stock(manager: Client, mug: ProductPage) -> None:
    response = Table(manager, mug).post(
        {
            "n0-option_0": "Rust",
            "n0-sku": "RUST",
            "n0-barcode": "4006381333931",
            "n0-price_amount": "14",
            "n0-stock_on_hand": "7",
            "n0-weight": "350",
        }
    )
    assert status(response) == "Saved: RUST."
    variant = mug.variants.get(sku="RUST")
    assert (variant.options, variant.barcode, variant.weight, variant.position) == (
        [["Colour", "Rust"]],
        "4006381333931",
        350,
        2,
    )
    assert (price("RUST"), on_hand("RUST")) == ((1400, None), 7)
    assert StockMovement.objects.get(item__sku="RUST").kind == "opening"


def test_several_new_variants_at_once(manager: Client, mug: ProductPage) -> None:
    Table(manager, mug).post(
        {
            "new_rows": "3",
            "n0-sku": "A",
            "n0-option_0": "A",
            "n2-sku": "C",
            "n2-option_0": "C",
            "n2-active": "on",
            "initial-n2-active": "True",
        }
    )
    assert set(mug.variants.values_list("sku", flat=True)) == {"CHALK", "SEA", "A", "C"}


@pytest.mark.parametrize("count", ["", "abc", "-1", "9999999", "²"])
def test_any_number_of_new_rows_is_survived(manager: Client, mug: ProductPage, count: str) -> None:
    assert Table(manager, mug).post({"new_rows": count}).status_code == 200


def test_a_first_variant(manager: Client, home_page: Page) -> None:
    teapot = ProductPageFactory(title="Teapot")
    table = Table(manager, teapot)
    assert "There is nothing to buy yet." in manager.get(table.url).content.decode()
    table.post({"n0-sku": "TEAPOT", "n0-price_amount": "40"})
    variant = teapot.variants.get()
    assert (variant.options, variant.active, price("TEAPOT")) == ([], True, (4000, None))


def test_deactivating(manager: Client, mug: ProductPage) -> None:
    table = Table(manager, mug)
    table.post(without=(table.field("SEA", "active"),))
    assert not Variant.objects.get(sku="SEA").active


def test_options_are_added_renamed_and_dropped_for_all(manager: Client, mug: ProductPage) -> None:
    table = Table(manager, mug)
    table.post(
        {
            "names-name_0": "Glaze",
            "names-name_1": "Size",
            table.field("CHALK", "option_1"): "Small",
            table.field("SEA", "option_1"): "Large",
        }
    )
    assert list(mug.variants.values_list("options", flat=True)) == [
        [["Glaze", "Chalk"], ["Size", "Small"]],
        [["Glaze", "Sea"], ["Size", "Large"]],
    ]
    table = Table(manager, mug)
    table.post({table.field("CHALK", "option_0"): "", table.field("SEA", "option_0"): "", "names-name_0": ""})
    assert list(mug.variants.values_list("options", flat=True)) == [[["Size", "Small"]], [["Size", "Large"]]]


def test_two_variants_exchange_their_options(manager: Client, mug: ProductPage) -> None:
    table = Table(manager, mug)
    response = table.post({table.field("CHALK", "option_0"): "Sea", table.field("SEA", "option_0"): "Chalk"})
    assert status(response) == "Saved: CHALK, SEA."
    assert Variant.objects.get(sku="CHALK").options == [["Colour", "Sea"]]


def test_stock_follows_a_new_sku_and_stays_where_it_is_reserved(manager: Client, mug: ProductPage) -> None:
    Table(manager, mug).change("SEA", sku="SEA-2", price_amount="15", stock_on_hand="5", shared__stock_reason="Counted")
    assert (price("SEA-2"), on_hand("SEA-2")) == ((1500, None), 5)
    assert not StockItem.objects.filter(sku="SEA").exists()
    inventory.reserve({"CHALK": 1})
    response = Table(manager, mug).change("CHALK", sku="CHALK-2")
    assert messages(response) == ["CHALK, SKU: Stock of CHALK is reserved for open orders (1): it keeps its SKU."]
    assert Variant.objects.filter(sku="CHALK").exists()


def test_a_variants_picture(manager: Client, mug: ProductPage) -> None:
    image = ProductImageFactory(page=mug, image=ImageFactory(title="Sea mug")).image
    other = ImageFactory(title="Somebody else's")
    table = Table(manager, mug)
    table.change("SEA", image=str(image.pk))
    assert Variant.objects.get(sku="SEA").image == image
    table = Table(manager, mug)
    assert table.change("SEA", image=str(other.pk)).status_code == 422
    assert table.change("SEA", image="").status_code == 200
    assert Variant.objects.get(sku="SEA").image is None


# Two people at once


def test_a_stale_cell_is_refused_and_shows_what_the_other_person_stored(manager: Client, mug: ProductPage) -> None:
    table = Table(manager, mug)
    set_price(variant=Variant.objects.get(sku="SEA"), amount=1111, currency="GBP")
    response = table.post({table.field("SEA", "price_amount"): "14", table.field("CHALK", "weight"): "350"})
    assert response.status_code == 422
    assert messages(response) == [
        "SEA, Price, GBP: Somebody else has stored “11.11” here meanwhile, and that is shown now. You had typed “14”."
    ]
    table.fields = Table.read(response.content.decode())
    assert table.fields[table.field("SEA", "price_amount")] == "11.11"
    assert table.post().status_code == 200  # saving again stores the other cells and leaves theirs alone
    assert (price("SEA"), Variant.objects.get(sku="CHALK").weight) == ((1111, None), 350)
    table = Table(manager, mug)
    assert table.change("SEA", price_amount="14").status_code == 200  # typed again, it is a decision
    assert price("SEA") == (1400, None)


def test_two_editors_with_the_same_table(manager: Client, mug: ProductPage) -> None:
    other = member("other@example.com", permissions=PRICE_AND_STOCK)
    first, second = Table(manager, mug), Table(other, mug)
    assert first.change("SEA", barcode="111", option_0="Ocean").status_code == 200
    refused = second.post(
        {second.field("SEA", "barcode"): "222", second.field("CHALK", "barcode"): "333"},
        without=(second.field("SEA", "active"),),
    )
    assert refused.status_code == 422
    assert messages(refused) == [
        "SEA, Barcode: Somebody else has stored “111” here meanwhile, and that is shown now. You had typed “222”."
    ]
    assert list(mug.variants.values_list("barcode", "active")) == [("", True), ("111", True)]
    second.fields = Table.read(refused.content.decode())
    assert status(second.post()) == "Saved: CHALK, SEA."
    assert list(mug.variants.values_list("barcode", "active")) == [("333", True), ("111", False)]
    assert Variant.objects.get(sku="SEA").options == [["Colour", "Ocean"]]


@pytest.mark.parametrize(
    ("name", "stored", "typed", "message"),
    [
        ("active", False, "", ""),  # both unticked it
        (
            "weight",
            5,
            "",
            "SEA, Weight, g: Somebody else has stored “5” here meanwhile, and that is shown now. "
            "You had typed nothing.",
        ),
        (
            "weight",
            5,
            "heavy",
            "SEA, Weight, g: Somebody else has stored “5” here meanwhile, and that is shown now. "
            "You had typed “heavy”.",
        ),
    ],
)
def test_stale_cells_of_all_kinds(
    manager: Client, mug: ProductPage, name: str, stored: Any, typed: str, message: str
) -> None:
    Variant.objects.filter(sku="SEA").update(weight=1)
    table = Table(manager, mug)
    Variant.objects.filter(sku="SEA").update(**{name: stored})
    response = table.change("SEA", **{name: typed})
    assert [found for found in messages(response) if "Somebody" in found] == ([message] if message else [])
    assert getattr(Variant.objects.get(sku="SEA"), name) == stored


def test_other_fields_keep_what_somebody_else_has_stored(manager: Client, mug: ProductPage) -> None:
    table = Table(manager, mug)
    inventory.reserve({"SEA": 2})
    inventory.commit_sale({"SEA": 2}, "C-1")
    set_price(variant=Variant.objects.get(sku="SEA"), amount=1111, currency="GBP")
    Variant.objects.filter(sku="SEA").update(weight=77)
    assert table.change("SEA", barcode="123").status_code == 200
    variant = Variant.objects.get(sku="SEA")
    assert (variant.barcode, variant.weight, price("SEA"), on_hand("SEA")) == ("123", 77, (1111, None), 2)


def test_an_option_that_somebody_else_has_added_stays(manager: Client, mug: ProductPage) -> None:
    table = Table(manager, mug)
    for variant in mug.variants.all():
        variant.options = [*variant.options, ["Size", "Small"], ["Handle", "Left"]]
        variant.save()
    assert table.change("SEA", barcode="123").status_code == 200
    assert Variant.objects.get(sku="SEA").options == [["Colour", "Sea"], ["Size", "Small"], ["Handle", "Left"]]


def test_stock_that_was_sold_meanwhile_is_not_counted_over(manager: Client, mug: ProductPage) -> None:
    table = Table(manager, mug)
    inventory.reserve({"SEA": 1})
    inventory.commit_sale({"SEA": 1}, "C-1")
    assert table.change("SEA", stock_on_hand="4", shared__stock_reason="x").status_code == 200  # unchanged on screen
    response = table.change("SEA", stock_on_hand="9", shared__stock_reason="Counted")
    assert response.status_code == 422
    assert on_hand("SEA") == 3


# Who may do what


def test_an_editor_changes_variants_and_sees_the_rest(home_page: Page, mug: ProductPage) -> None:
    table = Table(member("editor@example.com"), mug)
    html = table.client.get(table.url).content.decode()
    assert "£13.00" in html
    assert table.field("SEA", "price_amount") not in table.fields
    assert "shared-price_reason" not in table.fields
    assert "Price history" not in html
    response = table.change("SEA", barcode="1", price_amount="1", stock_on_hand="99", shared__stock_reason="x")
    assert status(response) == "Saved: SEA."
    assert (price("SEA"), on_hand("SEA"), Variant.objects.get(sku="SEA").barcode) == ((1300, None), 4, "1")


def test_a_manager_without_pages_changes_prices_and_stock_only(home_page: Page, mug: ProductPage) -> None:
    table = Table(member("prices@example.com", pages=False, permissions=PRICE_AND_STOCK), mug)
    assert table.field("SEA", "sku") not in table.fields
    response = table.change("SEA", price_amount="9", sku="STOLEN", option_0="Stolen")
    assert status(response) == "Saved: SEA."
    assert price("SEA") == (900, None)
    assert not Variant.objects.filter(sku="STOLEN").exists()
    table.post({"n0-sku": "NEW", "names-name_0": "Stolen"})
    assert Variant.objects.count() == 2
    assert Variant.objects.get(sku="SEA").options == [["Colour", "Sea"]]


def test_others_see_nothing(home_page: Page, mug: ProductPage) -> None:
    url = reverse("catalog_variants", args=[mug.pk])
    nobody = member("nobody@example.com", pages=False)
    assert nobody.get(url, headers=FETCH).status_code == 403
    assert nobody.post(url, {}, headers=FETCH).status_code == 403
    assert Client().get(url).status_code == 302
    assert Client().post(url, {}).status_code == 302


def test_a_post_needs_its_token(mug: ProductPage) -> None:
    member("manager@example.com", permissions=PRICE_AND_STOCK)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(email="manager@example.com"))
    assert strict.post(reverse("catalog_variants", args=[mug.pk]), {}, headers=FETCH).status_code == 403


def test_shop_managers_have_prices_and_stock(db: None) -> None:
    found = set(Group.objects.get(name="Shop managers").permissions.values_list("codename", flat=True))
    # Whoever enters the admin may also choose images and documents, says Wagtail.
    assert {*PRICE_AND_STOCK, "access_admin"} <= found
    assert not found & {"change_price", "delete_price", "change_stockmovement", "delete_stockmovement"}


# Where it stands


def test_the_panel_stands_in_the_page_editor_and_not_in_its_form(manager: Client, mug: ProductPage) -> None:
    soup = BeautifulSoup(manager.get(reverse("wagtailadmin_pages:edit", args=[mug.pk])).content, "html.parser")
    panel = soup.select_one("[data-variants-panel]")
    assert panel is not None
    inputs = panel.select("input, select, button[type=submit]")
    assert len(inputs) > 40
    assert {item.get("form") for item in inputs} == {"variants-form", "variants-filter"}
    # A form in a form would end the outer one: the script makes it.
    assert soup.find(id=["variants-form", "variants-filter"]) is None
    assert soup.select_one("script[src*='admin/variants.js']") is not None


def test_a_new_page_is_saved_first(admin_client: Client, home_page: Page) -> None:
    from shop.catalog.tests.factories import CategoryPageFactory

    parent = CategoryPageFactory(parent=home_page)
    url = reverse("wagtailadmin_pages:add", args=["catalog", "productpage", parent.pk])
    assert "Save the page first" in admin_client.get(url).content.decode()


def test_without_script_the_page_stands_alone(manager: Client, mug: ProductPage) -> None:
    table = Table(manager, mug)
    soup = BeautifulSoup(manager.get(table.url).content, "html.parser")
    assert soup.select_one("form#variants-form input[name=csrfmiddlewaretoken]") is not None
    data = {**table.fields, table.field("SEA", "price_amount"): "9"}
    response = manager.post(table.url, data, follow=True)
    assert response.redirect_chain == [(table.url, 302)]
    assert "Saved: SEA." in response.content.decode()
    data = {**Table(manager, mug).fields, table.field("SEA", "price_amount"): "rubbish"}
    refused = manager.post(table.url, data)
    assert refused.status_code == 422
    assert messages(refused) == ["SEA, Price, GBP: 'rubbish' is not an amount of money. Write it like 12.50."]


def test_a_large_table_costs_no_more_queries_than_a_small_one(
    manager: Client, mug: ProductPage, django_assert_max_num_queries: Any
) -> None:
    url = reverse("catalog_variants", args=[mug.pk])
    manager.get(url, headers=FETCH)
    for number in range(20):
        add_variant(mug, options=[("Colour", f"Shade {number}")])
    with django_assert_max_num_queries(28):
        manager.get(url, headers=FETCH)


# What happened


def test_the_price_history_and_the_ledger_can_be_read(manager: Client, mug: ProductPage) -> None:
    make_product(title="Bowl", sku="BOWL")
    set_price(variant=Variant.objects.get(sku="SEA"), amount=1111, currency="GBP", compare_at=2000, reason="Sale")
    prices = manager.get(reverse("pricing_history"), {"product": mug.pk}).content.decode()
    assert "£11.11" in prices
    assert "£20.00" in prices
    assert "BOWL" not in prices
    inventory.adjust(sku="SEA", quantity=-1, reason="Broken")
    ledger = manager.get(reverse("inventory_ledger"), {"product": mug.pk}).content.decode()
    assert "Broken" in ledger
    assert "-1" in ledger
    assert "BOWL" not in ledger
    assert "BOWL" in manager.get(reverse("inventory_ledger"), {"sku": "bow"}).content.decode()
    assert manager.get(reverse("pricing_history_results")).status_code == 200
    assert manager.get(reverse("inventory_ledger_results")).status_code == 200


def export(client: Client, name: str) -> str:
    response: Any = client.get(reverse(name), {"export": "csv"})
    return b"".join(response.streaming_content).decode()


def test_they_can_be_exported(manager: Client, mug: ProductPage) -> None:
    set_price(variant=Variant.objects.get(sku="SEA"), amount=1111, currency="GBP")
    prices = export(manager, "pricing_history")
    assert "SEA,Mug,11.11,,GBP" in prices
    ledger = export(manager, "inventory_ledger")
    assert "SEA,Mug,opening,4" in ledger


def test_others_cannot_read_them(home_page: Page, mug: ProductPage) -> None:
    editor = member("editor@example.com")
    for name in ("pricing_history", "inventory_ledger"):
        assert editor.get(reverse(name)).status_code in (302, 403)
        assert reverse(name) not in editor.get(reverse("wagtailadmin_home")).content.decode()


def test_brands_are_listed(admin_client: Client, home_page: Page) -> None:
    assert admin_client.get(reverse("wagtailsnippets_catalog_brand:list")).status_code == 200
