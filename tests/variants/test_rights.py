"""Who may see and change what of the variants' table, where it stands, and the lists behind it."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from shop.accounts.models import User
from shop.catalog.models import ProductPage, Variant
from shop.inventory import services as inventory
from shop.pricing.services import set_price
from tests.factories import make_product
from tests.variants.table import FETCH, PRICE_AND_STOCK, Table, member, messages, on_hand, price, status

pytestmark = [pytest.mark.django_db, pytest.mark.database]


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
