"""Classes and rates as staff see them: rates are only added, and a default there always is."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shop.accounts.tests.factories import AdminFactory, UserFactory
from shop.catalog.models import Variant
from shop.tax.columns import TaxColumns, set_classes
from shop.tax.models import TaxClass, TaxRate, VariantTaxClass
from shop.tax.tests.factories import make_rate, shop_settings
from tests.factories import make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(home_page: object, client: Client) -> Client:
    client.force_login(AdminFactory())
    return client


def rate_form(**changes: Any) -> dict[str, Any]:
    tomorrow = timezone.localtime() + timedelta(days=1)
    return {
        "tax_class": TaxClass.objects.get(code="standard").pk,
        "country": "DE",
        "rate": "19",
        "valid_from": f"{tomorrow:%Y-%m-%d %H:%M}",
        **changes,
    }


class TestRates:
    def test_one_is_added(self, staff: Client) -> None:
        assert staff.get(reverse("tax_rates:add")).status_code == 200
        assert staff.post(reverse("tax_rates:add"), rate_form()).status_code == 302
        rate = TaxRate.objects.latest("pk")
        assert (rate.country, rate.rate) == ("DE", 1900)
        assert rate.created_by is not None
        text = staff.get(reverse("tax_rates:index")).content.decode()
        assert "Germany" in text
        assert "19 %" in text

    def test_the_list_says_which_one_holds(self, staff: Client) -> None:
        now = timezone.now()
        for rate, days in ((1800, -2), (1900, -1), (2100, 30), (2200, 30)):
            make_rate(rate, country="DE", valid_from=now + timedelta(days=days))
        page = BeautifulSoup(staff.get(reverse("tax_rates:index"), {"country": "DE"}).content, "html.parser")
        rows = [[cell.get_text(" ", strip=True) for cell in row.find_all("td")] for row in page.select("tbody tr")]
        states = {row[2]: (row[3], row[4]) for row in rows if "Germany" in row[0]}
        assert {rate: state for rate, (_, state) in states.items()} == {
            "18 %": "Over",
            "19 %": "Holds now",
            "21 %": "Replaced",
            "22 %": "Planned",
        }
        assert states["22 %"][0] == f"{timezone.localtime(now + timedelta(days=30)):%d %b %Y, %H:%M}"

    def test_a_new_one_begins_at_home(self, staff: Client) -> None:
        page = BeautifulSoup(staff.get(reverse("tax_rates:add")).content, "html.parser")
        assert [option["value"] for option in page.select("[name=country] option[selected]")] == ["GB"]

    @pytest.mark.parametrize("name", ["tax_rates:index", "tax_classes:index", "wagtailadmin_home"])
    def test_what_is_sold_without_tax_is_said(self, staff: Client, name: str) -> None:
        assert "sold without tax" not in staff.get(reverse(name)).content.decode()
        shop_settings(country="DE")
        assert (
            "“Standard rate” has no rate in Germany, where the shop is: products of no other class are sold "
            "without tax."
        ) in staff.get(reverse(name)).content.decode()

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"rate": "-1"}, "Enter a rate from 0 to 100 per cent."),
            ({"rate": "101"}, "Enter a rate from 0 to 100 per cent."),
            ({"rate": "17.555"}, "Enter at most two decimal places."),
            ({"rate": "NaN"}, "Enter a rate from 0 to 100 per cent."),
            ({"rate": "x"}, "Enter a number."),
            ({"valid_from": "2020-01-01 00:00"}, "A rate cannot begin in the past"),
            ({"country": "ZZ"}, "ZZ is not one of the available choices"),
        ],
    )
    def test_slips(self, staff: Client, changes: dict[str, str], message: str) -> None:
        before = TaxRate.objects.count()
        assert message in staff.post(reverse("tax_rates:add"), rate_form(**changes)).content.decode()
        assert TaxRate.objects.count() == before

    def test_none_is_changed_or_deleted(self, staff: Client) -> None:
        rate = TaxRate.objects.first()
        assert rate is not None
        for name in ("edit", "delete"):
            assert staff.get(reverse(f"tax_rates:{name}", args=[rate.pk])).status_code == 302
            assert staff.post(reverse(f"tax_rates:{name}", args=[rate.pk]), rate_form()).status_code == 302
        rate.refresh_from_db()
        assert rate.country == "GB"


class TestClasses:
    def test_another_default(self, staff: Client) -> None:
        zero = TaxClass.objects.get(code="zero")
        form = {"name": zero.name, "code": zero.code, "is_default": "on"}
        assert staff.post(reverse("tax_classes:edit", args=[zero.pk]), form).status_code == 302
        assert list(TaxClass.objects.filter(is_default=True)) == [zero]

    def test_none_that_would_leave_everything_untaxed(self, staff: Client) -> None:
        form = {"name": "Luxury", "code": "luxury", "is_default": "on"}
        page = staff.post(reverse("tax_classes:add"), form)
        assert "It has no rate yet in your own country (United Kingdom)" in page.content.decode()
        made = TaxClass.objects.create(name="Luxury", code="luxury")
        make_rate(2500, code="luxury", valid_from=timezone.now() + timedelta(days=1))
        assert staff.post(reverse("tax_classes:edit", args=[made.pk]), form).status_code == 200
        make_rate(2500, code="luxury")
        assert staff.post(reverse("tax_classes:edit", args=[made.pk]), form).status_code == 302
        assert list(TaxClass.objects.filter(is_default=True)) == [made]

    def test_not_none(self, staff: Client) -> None:
        standard = TaxClass.objects.get(code="standard")
        form = {"name": standard.name, "code": standard.code}
        page = staff.post(reverse("tax_classes:edit", args=[standard.pk]), form)
        assert "One class is the default." in page.content.decode()


def test_shop_managers_may_change_the_settings(home_page: object, client: Client) -> None:
    manager = UserFactory()
    manager.groups.add(Group.objects.get(name="Shop managers"))
    client.force_login(manager)
    assert client.get(reverse("wagtailsettings:edit", args=["tax", "taxsettings"])).status_code == 302
    page = client.get(reverse("wagtailsettings:edit", args=["tax", "taxsettings"]), follow=True)
    assert 'name="registration_number"' in page.content.decode()


def test_the_column_beside_a_variant(home_page: object) -> None:
    make_product(sku="BOOK")
    variant = Variant.objects.get()
    zero = TaxClass.objects.get(code="zero")
    set_classes({variant.pk: zero.pk})
    assert TaxColumns().current([variant]) == {variant.pk: {"tax_class": zero.pk}}
    assert TaxColumns().text("tax_class", zero.pk) == "Zero rate"
    set_classes({variant.pk: None})
    assert not VariantTaxClass.objects.exists()
    assert TaxColumns().text("tax_class", None) == "Default"
