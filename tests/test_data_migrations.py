"""Migrations that move what a shop has stored, run on rows as the release before them left them.

Only the tables they read are brought back, inside the test's transaction: undoing all migrations would take minutes.
"""

from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from wagtail.models import Page, Site

from cms.models import ShopSettings
from shop.orders.models import Order, OrderTax
from shop.orders.tests.factories import make_line, make_order
from shop.shipping.kinds.base import Parcel
from shop.shipping.models import DeliveryMethod, ShippingZone
from shop.shipping.selectors import options_for
from shop.tax.models import TaxClass, TaxRate

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def sql(statement: str, parameters: list[Any] | None = None) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall()) if cursor.description else []


def apps_before(app: str, name: str) -> Any:
    """The models as a migration finds them."""
    return MigrationLoader(connection).project_state((app, name), at_end=False).apps


def module(app: str, name: str) -> Any:
    return import_module(f"shop.{app}.migrations.{name}")


class TestTheOneDeliveryCharge:
    @pytest.fixture(autouse=True)
    def before(self, home_page: Page) -> None:
        """No zone, and the old table, which is empty until somebody saves the settings."""
        DeliveryMethod.objects.all().delete()
        ShippingZone.objects.all().delete()
        sql(
            "CREATE TABLE shipping_shippingsettings (id integer PRIMARY KEY, label varchar(100) NOT NULL, "
            "flat_rate bigint NOT NULL, free_from bigint NULL, site_id integer NOT NULL)"
        )

    def move(self, *rows: tuple[int, str, int, int | None, int]) -> None:
        for row in rows:
            sql("INSERT INTO shipping_shippingsettings VALUES (%s, %s, %s, %s, %s)", list(row))
        module("shipping", "0003_first_zone").move(apps_before("shipping", "0003_first_zone"), None)

    def charged(self, goods: int) -> list[tuple[str, int]]:
        parcel = Parcel(goods=goods, weight=0, currency="GBP")
        return [(each.label, each.amount) for each in options_for(country="GB", postcode="IP4 1AA", parcel=parcel)]

    def test_a_shop_that_never_saved_charges_as_before(self) -> None:
        self.move()
        assert self.charged(4_999) == [("Standard delivery", 395)]
        assert self.charged(5_000) == [("Standard delivery", 0)]

    def test_its_own_charge_and_limit(self) -> None:
        self.move((1, "By bicycle", 450, 8_000, Site.objects.get().pk))
        assert self.charged(7_999) == [("By bicycle", 450)]
        assert self.charged(8_000) == [("By bicycle", 0)]

    def test_never_free(self) -> None:
        self.move((1, "By bicycle", 450, None, Site.objects.get().pk))
        assert self.charged(1_000_000) == [("By bicycle", 450)]

    def test_of_several_sites_the_default_one_counts(self) -> None:
        site = Site.objects.get()
        other = Site.objects.create(hostname="other.example.com", root_page=site.root_page)
        self.move((1, "Elsewhere", 100, None, other.pk), (2, "By bicycle", 450, None, site.pk))
        assert self.charged(1_000) == [("By bicycle", 450)]


class TestTheOneTaxRate:
    @pytest.fixture(autouse=True)
    def before(self, home_page: Page) -> None:
        """No class or rate, and the old columns."""
        TaxRate.objects.all().delete()
        TaxClass.objects.all().delete()
        sql("ALTER TABLE tax_taxsettings ADD COLUMN label varchar(20) NOT NULL DEFAULT 'VAT'")
        sql("ALTER TABLE tax_taxsettings ADD COLUMN rate integer NOT NULL DEFAULT 2000")

    def move(self, *rows: tuple[str, int]) -> None:
        old = apps_before("tax", "0003_first_rates")
        for label, rate in rows:
            old.get_model("tax", "TaxSettings").objects.create(site_id=Site.objects.get().pk, label=label, rate=rate)
        module("tax", "0003_first_rates").move(old, None)

    def rates(self) -> dict[str, tuple[str, int]]:
        return {each.tax_class.code: (each.country, each.rate) for each in TaxRate.objects.select_related("tax_class")}

    def test_a_shop_that_never_saved_charges_as_before(self) -> None:
        self.move()
        assert self.rates() == {"standard": ("GB", 2000), "reduced": ("GB", 500), "zero": ("GB", 0)}
        assert TaxClass.objects.get(is_default=True).code == "standard"

    def test_a_rate_of_another_country(self) -> None:
        ShopSettings.objects.create(site=Site.objects.get(), country="DE")
        self.move(("MwSt", 1900))
        assert self.rates() == {"standard": ("DE", 1900), "zero": ("DE", 0)}
        assert ShopSettings.objects.get().tax_label == "MwSt"

    def test_the_tax_keeps_its_name_where_nothing_else_was_saved(self) -> None:
        self.move(("GST", 1500))
        assert ShopSettings.objects.get().tax_label == "GST"
        assert self.rates()["standard"] == ("GB", 1500)


def test_orders_get_their_tax_by_rate(home_page: Page) -> None:
    book = replace(make_line("BOOK", unit_price=801), tax_rate=0, tax=0)
    orders = [make_order(make_line("MUG", quantity=3), book), make_order(make_line("JUG"))]
    frozen = set(OrderTax.objects.values_list("order", "rate", "net", "tax"))
    assert {(order, rate) for order, rate, _, _ in frozen} == {
        (orders[0].pk, 2000),
        (orders[0].pk, 0),
        (orders[1].pk, 2000),
    }
    OrderTax.objects.all().delete()
    sql(module("orders", "0007_tax_by_rate").BACKFILL)
    assert set(OrderTax.objects.values_list("order", "rate", "net", "tax")) == frozen


def test_addresses_of_earlier_orders_are_encrypted(home_page: Page) -> None:
    plain = {"address_line_1": "1 Quay Street", "address_line_2": "", "phone": "+441473000000"}
    orders = [make_order(), make_order(make_line("JUG"))]
    columns = ", ".join(f"{name} = %s" for name in plain)
    sql(f"UPDATE orders_order SET {columns} WHERE id = %s", [*plain.values(), orders[0].pk])  # noqa: S608
    long = "Ä" * 100
    sql("UPDATE orders_order SET address_line_1 = %s WHERE id = %s", [long, orders[1].pk])
    module("orders", "0011_encrypt_stored_addresses").encrypt(apps, None)
    stored = sql("SELECT address_line_1, address_line_2, phone FROM orders_order ORDER BY id")
    assert [[value[:5] for value in row] for row in stored] == [["enc1:", "", "enc1:"], ["enc1:", "", ""]]
    first, second = Order.objects.order_by("pk")
    assert {name: getattr(first, name) for name in plain} == plain
    assert second.address_line_1 == long
    module("orders", "0011_encrypt_stored_addresses").encrypt(apps, None)
    assert sql("SELECT address_line_1, address_line_2, phone FROM orders_order ORDER BY id") == stored, "fine to repeat"
