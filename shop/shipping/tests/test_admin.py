"""Delivery as editors see it: zones, ways, warnings, and what they mistype."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shop.accounts.tests.factories import AdminFactory, UserFactory
from shop.shipping.estimates import add_working_days, leaves_on
from shop.shipping.forms import EUROPEAN_UNION
from shop.shipping.kinds.base import Parcel
from shop.shipping.models import ClosedDay, DeliveryMethod, ShippingZone
from shop.shipping.selectors import options_for
from shop.shipping.tests.factories import make_method, make_zone, only_method
from tests.factories import make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(home_page: object, client: Client) -> Client:
    client.force_login(AdminFactory())
    return client


def overview(staff: Client) -> str:
    return staff.get(reverse("delivery_overview")).content.decode()


def method_form(zone: ShippingZone, kind: str, **changes: Any) -> dict[str, Any]:
    return {"zone": zone.pk, "kind": kind, "label": "By van", "position": 0, "active": "on", **changes}


class TestOverview:
    def test_zones_and_their_ways(self, staff: Client) -> None:
        way = only_method("free-from", "Royal Mail", price=395, free_from=5000, min_days=2, max_days=4)
        text = overview(staff)
        for words in ("United Kingdom", "Royal Mail", "£3.95, free from £50.00", "2 to 4 working days", "Offered"):
            assert words in text
        assert reverse("delivery_methods:edit", args=[way.pk]) in text
        crumbs = staff.get(reverse("delivery_overview")).context["breadcrumbs_items"]
        assert str(crumbs[-1]["label"]) == "Delivery"

    def test_what_is_missing_is_said(self, staff: Client) -> None:
        make_product(sku="MUG")
        make_zone("Europe", "DE")
        only_method("weight", bands=[[1000, 395]])
        text = overview(staff)
        assert "“Europe” has no active way of delivery: buyers there cannot order." in text
        assert "1 variant has no weight and counts as weightless." in text
        DeliveryMethod.objects.update(kind="drone")
        assert "is of a kind that this shop no longer knows" in overview(staff)
        DeliveryMethod.objects.all().delete()
        assert "Nothing is delivered within United Kingdom, where the shop is." in overview(staff)
        assert "Nothing is delivered within United Kingdom, where the shop is." in staff.get("/admin/").content.decode()
        ShippingZone.objects.all().delete()
        assert "There is no zone yet" in overview(staff)

    def test_only_for_those_who_may(self, home_page: object, client: Client) -> None:
        assert client.get(reverse("delivery_overview")).status_code == 302


class TestZones:
    def test_the_european_union_with_one_tick(self, staff: Client) -> None:
        form = {"name": "Europe", "countries": ["CH"], "european_union": "on", "position": 1}
        assert staff.get(reverse("delivery_zones:add")).status_code == 200
        answer = staff.post(reverse("delivery_zones:add"), form)
        assert answer.headers["Location"] == reverse("delivery_overview")
        zone = ShippingZone.objects.get(name="Europe")
        assert set(zone.countries) == EUROPEAN_UNION | {"CH"}
        assert staff.get(reverse("delivery_zones:edit", args=[zone.pk])).content.decode().count("checked") == 28

    @pytest.mark.parametrize(
        ("form", "message"),
        [
            ({}, "Tick at least one country, or choose the rest of the world."),
            ({"countries": ["GB"]}, "A country can be in one zone only: United Kingdom is in “United Kingdom”."),
            ({"countries": ["DE"], "rest_of_world": "on"}, "The rest of the world has no countries"),
            ({"countries": ["ZZ"]}, "ZZ is not one of the available choices"),
            ({"countries": ["GB"], "postcodes": "JE\n!?"}, "“!?” begins no postcode"),
        ],
    )
    def test_slips(self, staff: Client, form: dict[str, Any], message: str) -> None:
        page = staff.post(reverse("delivery_zones:add"), {"name": "New", "position": 0, **form})
        assert message in page.content.decode()
        assert not ShippingZone.objects.filter(name="New").exists()

    def test_one_rest_of_the_world(self, staff: Client) -> None:
        make_zone("World")
        form = {"name": "New", "position": 0, "rest_of_world": "on"}
        page = staff.post(reverse("delivery_zones:add"), form)
        assert "Another zone is the rest of the world already." in page.content.decode()

    def test_some_postcodes_of_a_country_are_a_zone_of_their_own(self, staff: Client) -> None:
        form = {"name": "Islands", "countries": ["GB"], "postcodes": "JE\nGY", "position": 0}
        staff.post(reverse("delivery_zones:add"), form)
        assert ShippingZone.objects.get(name="Islands").prefixes == ["JE", "GY"]


class TestWays:
    @pytest.mark.parametrize(
        ("kind", "typed", "stored"),
        [
            ("flat", {"price": "3.95"}, {"price": 395}),
            ("free-from", {"price": "3.95", "free_from": "50"}, {"price": 395, "free_from": 5000}),
            (
                "weight",
                {"bands": "2 kg: 8.95\n500 g: 3.95\nany: 20"},
                {"bands": [[500, 395], [2000, 895], [None, 2000]]},
            ),
            ("value", {"bands": "20.00: 4.95\n50: 0"}, {"bands": [[2000, 495], [5000, 0]]}),
            (
                "collect",
                {"price": "0", "address": "Tavern Street", "opening": ""},
                {"price": 0, "address": "Tavern Street", "opening": ""},
            ),
        ],
    )
    def test_the_form_follows_from_the_kind(
        self, staff: Client, kind: str, typed: dict[str, str], stored: dict[str, Any]
    ) -> None:
        zone = ShippingZone.objects.get()
        url = reverse("delivery_methods:add")
        page = staff.get(url, {"zone": str(zone.pk), "kind": kind}).content.decode()
        arguments = {f"argument_{name}": value for name, value in typed.items()}
        assert all(f'name="{name}"' in page for name in arguments)
        answer = staff.post(url, method_form(zone, kind, **arguments))
        assert answer.headers["Location"] == reverse("delivery_overview")
        made = DeliveryMethod.objects.get(label="By van")
        assert (made.kind, made.arguments) == (kind, stored)
        again = staff.get(reverse("delivery_methods:edit", args=[made.pk]))
        assert again.status_code == 200
        assert again.context["form"]["kind"].field.disabled

    @pytest.mark.parametrize(
        ("kind", "typed", "message"),
        [
            ("flat", {"price": "-1"}, "This cannot be less than 0."),
            ("flat", {"price": "3.955"}, "more than 2 decimal places"),
            ("flat", {"price": "NaN"}, "is not an amount of money"),
            ("flat", {"price": "1e99"}, "is too large"),
            ("flat", {"price": ""}, "This field is required."),
            ("weight", {"bands": "2 kg 3.95"}, "has no colon between limit and charge"),
            ("weight", {"bands": "2: 3.95"}, "is no weight such as 500 g or 2.5 kg"),
            ("weight", {"bands": "0.0001 kg: 3.95"}, "is not a whole number of grams"),
            ("weight", {"bands": "2 kg: 3.95\n2000 g: 4"}, "Two lines go up to the same."),
            ("weight", {"bands": "\n".join(f"{n} kg: 1" for n in range(1, 60))}, "At most 50 lines."),
            ("value", {"bands": "x: 3.95"}, "is not an amount of money"),
            ("collect", {"price": "0", "address": ""}, "This field is required."),
            ("drone", {}, "drone is not one of the available choices"),
        ],
    )
    def test_slips(self, staff: Client, kind: str, typed: dict[str, str], message: str) -> None:
        arguments = {f"argument_{name}": value for name, value in typed.items()}
        form = method_form(ShippingZone.objects.get(), kind, **arguments)
        assert message in staff.post(reverse("delivery_methods:add"), form).content.decode()
        assert not DeliveryMethod.objects.filter(label="By van").exists()

    @pytest.mark.parametrize(
        ("days", "message"),
        [
            ({"min_days": 3, "max_days": 2}, "This is less than “at least”."),
            ({"min_days": 3, "max_days": ""}, "Say how many working days it takes at most."),
            ({"min_days": 1, "max_days": 999}, "less than or equal to 365"),
            ({"max_days": 9**30}, "less than or equal to"),
        ],
    )
    def test_days(self, staff: Client, days: dict[str, Any], message: str) -> None:
        form = method_form(ShippingZone.objects.get(), "flat", argument_price="1", **days)
        assert message in staff.post(reverse("delivery_methods:add"), form).content.decode()

    @pytest.mark.parametrize("zone", ["x", "-1", "9" * 40, "²"])
    def test_a_zone_that_is_none_in_the_address(self, staff: Client, zone: str) -> None:
        url = reverse("delivery_methods:add")
        assert staff.get(url, {"zone": zone, "kind": "flat"}).status_code == 200
        assert staff.get(url, {"kind": zone}).status_code == 200

    def test_one_goes(self, staff: Client) -> None:
        way = make_method(ShippingZone.objects.get(), "Gone")
        assert staff.post(reverse("delivery_methods:delete", args=[way.pk])).status_code == 302
        assert not DeliveryMethod.objects.filter(pk=way.pk).exists()


class TestClosedDays:
    def test_shop_managers_keep_them(self, home_page: object, client: Client) -> None:
        manager = UserFactory()
        manager.groups.add(Group.objects.get(name="Shop managers"))
        client.force_login(manager)
        day = timezone.localdate() + timedelta(days=10)
        form = {"day": day.isoformat(), "name": "Stocktaking"}
        assert client.post(reverse("closed_days:add"), form).status_code == 302
        assert "This day is in the list already." in client.post(reverse("closed_days:add"), form).content.decode()
        assert f"{day:%d %b %Y} (Stocktaking)" in overview(client)
        edit = reverse("closed_days:edit", args=[ClosedDay.objects.get().pk])
        assert f'href="{edit}"' in client.get(reverse("closed_days:index")).content.decode()

    def test_those_that_are_over_are_not_on_the_screen(self, staff: Client) -> None:
        ClosedDay.objects.create(day=timezone.localdate() - timedelta(days=1), name="Yesterday")
        assert "Yesterday" not in overview(staff)
        assert "Add public holidays" in overview(staff)

    def test_buyers_are_told_another_day(self, home_page: object) -> None:
        only_method(min_days=1, max_days=1)
        (before,) = options_for(country="GB", postcode="", parcel=Parcel(1000, 0, "GBP"))
        leaves = leaves_on(timezone.localtime(), None)
        ClosedDay.objects.create(day=add_working_days(leaves, 1))
        (after,) = options_for(country="GB", postcode="", parcel=Parcel(1000, 0, "GBP"))
        arrives = add_working_days(leaves, 2)
        assert before.estimate != after.estimate == f"Arrives {arrives:%a} {arrives.day} {arrives:%b}"
