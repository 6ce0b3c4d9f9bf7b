"""The admin's first page."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from cms.tests.factories import ShopSettingsFactory
from home.models import HomePage
from home.tests.factories import StoryIndexPageFactory
from shop.accounts.models import User
from shop.catalog.tests.factories import CategoryPageFactory

pytestmark = pytest.mark.django_db


def links(client: Any) -> list[str]:
    response = client.get("/admin/")
    assert response.status_code == 200
    panels = [panel for panel in response.context["panels"] if panel.name == "shop"]
    return [link.label for link in panels[0].get_context_data({})["links"]]


@pytest.fixture
def furnished(home_page: HomePage) -> None:
    StoryIndexPageFactory()
    CategoryPageFactory(title="Shop")


OURS = [
    "See the shop",
    "Edit the home page",
    "Write a story",
    "Products",
    "Make a page",
    "Menus",
    "Announcement",
    "Shop settings",
]


def test_an_editor_finds_the_way(furnished: None, client: Any) -> None:
    editor = User.objects.create_user("editor@example.com", "a long password")
    editor.groups.add(Group.objects.get(name="Editors"))
    client.force_login(editor)
    assert [label for label in links(client) if label in OURS] == OURS
    for panel in client.get("/admin/").context["panels"]:
        if panel.name == "shop":
            for link in panel.get_context_data({})["links"]:
                assert client.get(link.url).status_code == 200, link.label


def test_nobody_is_sent_where_they_may_not_go(furnished: None, client: Any) -> None:
    group = Group.objects.create(name="Readers")
    group.permissions.add(Group.objects.get(name="Editors").permissions.get(codename="access_admin"))
    reader = User.objects.create_user("reader@example.com", "a long password")
    reader.groups.add(group)
    client.force_login(reader)
    assert [label for label in links(client) if label in OURS] == ["See the shop"]


def test_an_empty_site_has_fewer_links(home_page: HomePage, admin_client: Any) -> None:
    found = links(admin_client)
    assert "Edit the home page" in found
    assert "Write a story" not in found
    assert "Products" not in found


def test_the_admin_has_the_shops_name_and_colours(home_page: HomePage, admin_client: Any) -> None:
    ShopSettingsFactory()
    html = admin_client.get("/admin/").content.decode()
    assert "/static/admin/admin.css" in html
    assert "/static/img/favicon.svg" in html
    assert "Ipswich Retail" in html


@pytest.mark.parametrize(("group", "country", "currency"), [("Editors", "GB", "GBP"), ("Shop managers", "DE", "EUR")])
def test_what_everything_costs_is_for_shop_managers(
    home_page: HomePage, client: Any, group: str, country: str, currency: str
) -> None:
    shop = ShopSettingsFactory(name="Before", country="GB", currency="GBP")
    user = User.objects.create_user("member@example.com", "a long password")
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    url = reverse("wagtailsettings:edit", args=["cms", "shopsettings", shop.site_id])
    asked = client.get(url).content.decode()
    assert [f'name="{name}"' in asked for name in ("name", "currency", "country", "prices_include_tax")] == [
        True,
        *[group == "Shop managers"] * 3,
    ]
    answer = client.post(url, {"name": "After", "country": "DE", "currency": "eur", "tax_label": "MwSt"})
    assert answer.status_code == 302
    shop.refresh_from_db()
    assert (shop.name, shop.country, shop.currency) == ("After", country, currency)
