"""What a category lists, in which order, and what its address may carry."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks
from wagtail.models import Page, PageViewRestriction

from shop.catalog.browsing import Listing, read_listing
from shop.catalog.models import CategoryPage, ProductPage
from shop.catalog.tests.factories import CategoryPageFactory, ImageFactory
from tests.factories import add_variant, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def mugs(home_page: Page) -> CategoryPage:
    kitchen = CategoryPageFactory(title="Kitchen", slug="kitchen", parent=home_page)
    return CategoryPageFactory(title="Mugs", slug="mugs", parent=kitchen)


def titles(response: Any) -> list[str]:
    return [card.title for card in response.context["cards"]]


def fill(category: CategoryPage, count: int) -> None:
    for number in range(count):
        make_product(title=f"Mug {number:02}", parent=category, price=1000 + number)


def test_a_category_lists_what_is_below_it_at_any_depth(client: Client, mugs: CategoryPage) -> None:
    kitchen = CategoryPage.objects.get(slug="kitchen")
    make_product(title="Mug", parent=mugs)
    make_product(title="Ladle", parent=kitchen)
    make_product(title="Hidden", parent=mugs, live=False)
    assert sorted(titles(client.get("/kitchen/"))) == ["Ladle", "Mug"]
    assert titles(client.get("/kitchen/mugs/")) == ["Mug"]


def test_a_product_is_listed_once_in_its_further_categories_and_those_above(client: Client, mugs: CategoryPage) -> None:
    gifts = CategoryPageFactory(title="Gifts", slug="gifts", parent=Page.objects.get(slug="home"))
    cheap = CategoryPageFactory(title="Below ten pounds", slug="cheap", parent=gifts)
    mug = make_product(title="Mug", parent=mugs)
    mug.further_categories = [cheap, CategoryPage.objects.get(slug="kitchen")]
    mug.save()
    for address in ("/gifts/", "/gifts/cheap/", "/kitchen/", "/kitchen/mugs/"):
        assert titles(client.get(address)) == ["Mug"], address


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("newest", ["Anchor", "cup", "Beaker", "Dish"]),
        ("name", ["Anchor", "Beaker", "cup", "Dish"]),
        ("price", ["Beaker", "Anchor", "cup", "Dish"]),
        ("-price", ["cup", "Anchor", "Beaker", "Dish"]),
        ("rubbish", ["Anchor", "cup", "Beaker", "Dish"]),
        ("", ["Anchor", "cup", "Beaker", "Dish"]),
    ],
)
def test_orders(client: Client, mugs: CategoryPage, sort: str, expected: list[str]) -> None:
    now = timezone.now()
    prices = {"Anchor": 1200, "Beaker": 900, "cup": 4000, "Dish": None}
    for title, days in (("Anchor", 1), ("Beaker", 3), ("cup", 2), ("Dish", 4)):
        make_product(title=title, parent=mugs, price=prices[title], first_published_at=now - timedelta(days=days))
    response = client.get("/kitchen/mugs/", {"sort": sort})
    assert titles(response) == expected
    assert response.context["listing"].sort == (sort if sort in ("price", "-price", "name") else "newest")


def test_filters(client: Client, mugs: CategoryPage) -> None:
    make_product(title="Cheap", parent=mugs, price=999)
    make_product(title="Sold out", parent=mugs, price=1500, stock=0)
    make_product(title="Not for sale", parent=mugs, price=None)
    both = make_product(title="Small and large", parent=mugs, price=1200)
    add_variant(both, options=[("Size", "Large")], price=3000)

    def found(**parameters: str) -> list[str]:
        return sorted(titles(client.get("/kitchen/mugs/", parameters)))

    assert len(found()) == 4
    assert found(available="1") == ["Cheap", "Small and large"]
    assert found(price_min="12") == ["Small and large", "Sold out"]
    assert found(price_min="20", price_max="40") == ["Small and large"]
    assert found(price_max="9.99") == ["Cheap"]
    assert found(price_max="9.98") == []
    assert found(price_max="15", available="1") == ["Cheap", "Small and large"]


def test_bounds_in_the_wrong_order_are_exchanged(client: Client, mugs: CategoryPage) -> None:
    make_product(title="Mug", parent=mugs, price=1000)
    response = client.get("/kitchen/mugs/", {"price_min": "15", "price_max": "5.50"})
    assert titles(response) == ["Mug"]
    listing = response.context["listing"]
    assert (str(listing.price_min), str(listing.price_max)) == ("5.50", "15")


@pytest.mark.parametrize(
    "query",
    [
        "price_min=abc&price_max=-5",
        "price_min=NaN&price_max=Infinity",
        "price_min=1e400&price_max=99999999999999999999",
        "price_min=%ff%fe&sort=%ff&page=%ff",
        "price_min=&price_max=&sort=&page=&available=",
        "page=abc",
        "page=0",
        "page=-3",
        "page=1.5",
        "page=" + "9" * 5000,
        "price_min=" + "9" * 5000,
        "sort=price%27%3B--&sort=name",
        "price_min=0.001",
        "available=False",
        "%F0%9F%90%88=%F0%9F%90%88",
    ],
)
def test_rubbish_is_ignored(client: Client, mugs: CategoryPage, query: str) -> None:
    make_product(title="Mug", parent=mugs)
    response = client.get(f"/kitchen/mugs/?{query}")
    assert response.status_code == 200
    assert titles(response) == ["Mug"]


def test_control_characters_are_rubbish_too() -> None:
    parameters = QueryDict("price_min=%00&price_max=1%00&sort=%00&page=%00&available=%07")
    problems = (
        "“?” is no price, so it was left out. Write an amount like 20 or 12.50.",
        "“1?” is no price, so it was left out. Write an amount like 20 or 12.50.",
    )
    assert read_listing(parameters, "GBP") == Listing(available_only=True, problems=problems)


def test_pages_and_what_is_beyond_them(client: Client, mugs: CategoryPage) -> None:
    fill(mugs, 25)
    first, second = client.get("/kitchen/mugs/?sort=name"), client.get("/kitchen/mugs/?sort=name&page=2")
    assert len(titles(first)) == 24
    assert titles(second) == ["Mug 24"]
    assert client.get("/kitchen/mugs/?page=3").status_code == 404
    assert client.get("/kitchen/mugs/?page=99999999999").status_code == 404


def test_an_empty_category_has_one_page(client: Client, mugs: CategoryPage) -> None:
    response = client.get("/kitchen/mugs/")
    assert response.status_code == 200
    assert titles(response) == []
    assert client.get("/kitchen/mugs/?page=2").status_code == 404


def head(response: Any) -> tuple[list[str], dict[str, str]]:
    html = response.content.decode()
    robots = re.findall(r'<meta name="robots" content="([^"]+)"', html)
    links = dict(re.findall(r'<link rel="(canonical|prev|next)" href="([^"]+)"', html))
    return robots, links


def test_search_engines_are_told_which_listing_counts(client: Client, mugs: CategoryPage) -> None:
    fill(mugs, 49)
    canonical = "http://testserver/kitchen/mugs/"
    assert head(client.get("/kitchen/mugs/")) == ([], {"canonical": canonical, "next": "?page=2"})
    assert head(client.get("/kitchen/mugs/?page=2")) == (
        [],
        {"canonical": f"{canonical}?page=2", "prev": "?", "next": "?page=3"},
    )
    assert head(client.get("/kitchen/mugs/?page=3"))[1] == {"canonical": f"{canonical}?page=3", "prev": "?page=2"}
    robots, links = head(client.get("/kitchen/mugs/?sort=price&available=1&page=2"))
    assert robots == ["noindex, follow"]
    assert links == {
        "canonical": canonical,
        "prev": "?sort=price&amp;available=1",
        "next": "?sort=price&amp;available=1&amp;page=3",
    }


def test_htmx_gets_the_listing_alone(client: Client, mugs: CategoryPage) -> None:
    make_product(title="Mug", parent=mugs)
    part = client.get("/kitchen/mugs/", headers={"HX-Request": "true"})
    assert part.content.lstrip().startswith(b'<div id="listing"')
    assert b"<html" not in part.content
    whole = client.get("/kitchen/mugs/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert b"<html" in whole.content
    assert part["Vary"] == whole["Vary"] == "HX-Request, Accept-Encoding"


def test_structured_data_lists_the_products(client: Client, mugs: CategoryPage) -> None:
    fill(mugs, 25)
    response = client.get("/kitchen/mugs/?sort=name&page=2")
    [found] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.content.decode(), re.S)
    graph = json.loads(found)["@graph"]
    [items] = [entry for entry in graph if entry["@type"] == "ItemList"]
    assert items["itemListElement"] == [
        {"@type": "ListItem", "position": 25, "name": "Mug 24", "url": "http://testserver/kitchen/mugs/mug-24/"}
    ]


def test_subcategories_are_shown_in_the_editors_order_with_their_pictures(
    client: Client, mugs: CategoryPage, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    kitchen = CategoryPage.objects.get(slug="kitchen")
    pans = CategoryPageFactory(title="Pans", slug="pans", parent=kitchen, image=ImageFactory())
    CategoryPageFactory(title="Draft", parent=kitchen, live=False)
    with django_capture_on_commit_callbacks(execute=True):
        client.get("/kitchen/")  # asks for the sizes of the picture
    tiles = client.get("/kitchen/").context["subcategories"]
    assert [(tile.title, tile.url) for tile in tiles] == [("Mugs", "/kitchen/mugs/"), ("Pans", "/kitchen/pans/")]
    assert tiles[0].thumbnail is None
    assert pans.image is not None
    assert tiles[1].thumbnail.alt == pans.image.title


def test_private_products_are_not_listed(client: Client, mugs: CategoryPage) -> None:
    make_product(title="Mug", parent=mugs)
    secret = make_product(title="Secret", parent=mugs)
    PageViewRestriction.objects.create(page=secret, restriction_type="login")
    assert titles(client.get("/kitchen/")) == ["Mug"]


def test_the_listing_costs_the_same_for_6_and_for_24_products(
    query_budget: Callable[..., Any], mugs: CategoryPage
) -> None:
    fill(mugs, 6)
    six = query_budget("/kitchen/mugs/", at_most=8)
    assert len(titles(six)) == 6
    fill(mugs, 18)
    twenty_four = query_budget("/kitchen/mugs/", at_most=8)
    assert len(titles(twenty_four)) == 24
    assert twenty_four.query_count == six.query_count


def test_a_listing_is_the_same_for_everyone(client: Client, mugs: CategoryPage) -> None:
    make_product(title="Mug", parent=mugs)
    response = client.get("/kitchen/mugs/")
    assert not response.cookies
    assert "Cookie" not in response["Vary"]


def test_a_page_that_was_never_saved_can_be_previewed(home_page: Page) -> None:
    category = CategoryPage(title="New", slug="new", path=home_page.path + "0009", depth=home_page.depth + 1)
    category.set_url_path(home_page)
    response = category.make_preview_request()
    assert response.status_code == 200
    assert b"New" in response.content
    assert not ProductPage.objects.exists()
