"""Finding things by words, and surviving whatever else is typed."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.apps import apps
from django.test import Client, override_settings
from wagtail.models import Page, PageViewRestriction

from search import services
from search.checks import search_sources_exist
from search.forms import QUERY_LENGTH, clean_query, is_too_short, words
from search.sources import SourceError, sources
from shop.catalog.tests.factories import BrandFactory, CategoryPageFactory
from tests.factories import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def shop(home_page: Page) -> Page:
    """A category with three products, another, and a journal with a story."""
    crockery = CategoryPageFactory(title="Crockery", slug="mugs", parent=home_page)
    CategoryPageFactory(title="Mugs to travel with", slug="travel", parent=home_page)
    brand = BrandFactory(name="Orwell Pottery")
    make_product(title="Stoneware mug", slug="mug", parent=crockery, sku="MUG-01", brand=brand)
    make_product(title="Pasta bowl", slug="bowl", parent=crockery, summary="Wide, for soup and rice.")
    make_product(title="Linen cushion", slug="cushion", parent=crockery, live=False)
    # By name: the search does not import what it looks through.
    journal = apps.get_model("home.StoryIndexPage")(title="Journal", slug="journal")
    home_page.add_child(instance=journal)
    journal.add_child(instance=apps.get_model("home.StoryPage")(title="How a mug is thrown", slug="thrown"))
    services.rebuild()
    return home_page


def titles(response: Any) -> list[str]:
    return [card.title for card in response.context["products"]]


def test_products_and_stories_with_the_word_are_found(client: Client, shop: Page) -> None:
    response = client.get("/search/?q=mug")
    assert titles(response) == ["Stoneware mug"]
    assert [story.title for story in response.context["stories"]] == ["How a mug is thrown"]
    assert response.context["counts"] == {"products": 1, "stories": 1, "pages": 0}
    assert not response.context["loose"]
    assert b'<meta name="robots" content="noindex, follow">' in response.content


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("STONEWARE", ["Stoneware mug"]),
        ("mug stoneware", ["Stoneware mug"]),
        ("orwell", ["Stoneware mug"]),
        ("soup", ["Pasta bowl"]),
        ("mugs", ["Stoneware mug"]),
        ("stonewares mugs", ["Stoneware mug"]),
        ("bowls for soups", ["Pasta bowl"]),
        ("MUG-01", ["Stoneware mug"]),
        ("mug-01", ["Stoneware mug"]),
        ("cushion", []),
        ("teapot", []),
    ],
)
def test_where_words_are_looked_for(client: Client, shop: Page, query: str, expected: list[str]) -> None:
    assert titles(client.get("/search/", {"q": query})) == expected


def test_without_a_page_that_has_all_words_those_with_some_are_shown(client: Client, shop: Page) -> None:
    response = client.get("/search/?q=purple pasta mug")
    assert response.context["loose"]
    assert b"This has some of them" in response.content
    assert sorted(titles(response)) == ["Pasta bowl", "Stoneware mug"]


def test_private_pages_are_not_found(
    client: Client, shop: Page, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        PageViewRestriction.objects.create(page=Page.objects.get(slug="mugs"), restriction_type="login")
    response = client.get("/search/?q=mug")
    assert titles(response) == []
    assert titles(client.get("/search/?q=MUG-01")) == []
    assert len(response.context["stories"]) == 1


HOSTILE = [
    "%00",
    "mug%00",
    "%22",
    "%22mug",
    "%22%22",
    "'",
    "mug' OR 1=1 --",
    "*",
    "mug*",
    "-",
    "-mug",
    "--",
    "mug -bowl",
    "mug AND",
    "OR",
    "NOT mug",
    "NEAR(mug bowl)",
    "title:mug",
    "(mug",
    ")",
    "mug:*",
    "mug & | ! <->",
    "%25",
    "%25s %25d 100%25 mug",
    "\\",
    "{title} : mug",
    "^mug",
    "+mug",
    "☕",
    "👩‍🍳 mug",
    "%ff%fe",
    "mug%ed%a0%80",
    "%e2%80%ae mug",
    "日本語",
    "é",
    "ﬁ",
    "a",
    " ",
    "",
    "mug " * 400,
    "x" * 10_000,
    "%22" * 500,
    "mug%0d%0aSet-Cookie: a=b",
    "<script>alert(1)</script>",
    "{{ 7 }}{% now %}",
]


@pytest.mark.parametrize("path", ["/search/", "/search/suggest/"])
@pytest.mark.parametrize("query", HOSTILE)
def test_nothing_that_is_typed_is_an_error(client: Client, shop: Page, path: str, query: str) -> None:
    encoded = query if query.startswith("%") or "%0" in query or "%e" in query else quote(query)
    response = client.get(f"{path}?q={encoded}")
    # The site refuses NUL in any address before a view sees it.
    assert response.status_code == (400 if "%00" in encoded else 200)
    assert b"<script>alert" not in response.content


@pytest.mark.parametrize("page", ["0", "-1", "99", "abc", "9" * 5000, "1.5", ""])
def test_any_page_number_is_a_page(client: Client, shop: Page, page: str) -> None:
    response = client.get("/search/", {"q": "mug", "page": page})
    assert response.status_code == 200
    assert titles(response) == ["Stoneware mug"]


def test_parameters_may_be_missing_or_repeated(client: Client, shop: Page) -> None:
    assert client.get("/search/").status_code == 200
    assert titles(client.get("/search/?q=bowl&q=mug")) == ["Stoneware mug"]
    assert client.post("/search/", {"q": "mug"}).status_code == 405


@pytest.mark.parametrize(
    ("query", "short"), [("a", True), ("?!", True), ("☕", True), ("", False), ("茶", False), ("ab", False)]
)
def test_too_little_to_look_for(client: Client, shop: Page, query: str, short: bool) -> None:
    response = client.get("/search/", {"q": query})
    assert response.context["query_too_short"] is short
    assert is_too_short(query) is short


def test_results_come_in_pages(client: Client, home_page: Page) -> None:
    for number in range(26):
        make_product(title=f"Mug {number}", sku=f"M-{number}")
    services.rebuild()
    first, second = client.get("/search/?q=mug"), client.get("/search/?q=mug&page=2")
    assert (len(titles(first)), len(titles(second))) == (24, 2)
    assert not set(titles(first)) & set(titles(second))
    assert first.context["counts"]["products"] == 26
    assert b'href="?q=mug&amp;page=2"' in first.content


def test_a_product_named_by_its_code_comes_first_and_once(client: Client, home_page: Page) -> None:
    for number in range(26):
        make_product(title=f"Mug {number}", sku=f"M-{number}")
    named = make_product(title="Mug mug mug", sku="MUG")
    named.variants.update(barcode="4006381333931")
    services.rebuild()
    first, second = client.get("/search/?q=mug"), client.get("/search/?q=mug&page=2")
    assert titles(first)[0] == "Mug mug mug"
    assert len({*titles(first), *titles(second)}) == 27
    assert (len(titles(first)), len(titles(second))) == (24, 3)
    assert titles(client.get("/search/?q=4006381333931")) == ["Mug mug mug"]


def test_a_story_does_not_keep_products_back(client: Client, shop: Page) -> None:
    """The story has the very word "bowls"; the product is one bowl."""
    journal = shop.get_children().get(slug="journal").specific
    journal.add_child(instance=apps.get_model("home.StoryPage")(title="Three bowls of soup", slug="bowls"))
    services.rebuild()
    response = client.get("/search/?q=bowls")
    assert titles(response) == ["Pasta bowl"]
    assert [story.title for story in response.context["stories"]] == ["Three bowls of soup"]
    assert not response.context["loose"]


def test_suggestions_know_the_singular(client: Client, shop: Page) -> None:
    assert titles(client.get("/search/suggest/?q=stonewares")) == ["Stoneware mug"]


def test_suggestions_go_on_like_the_query(client: Client, shop: Page) -> None:
    response = client.get("/search/suggest/?q=mu")
    assert titles(response) == ["Stoneware mug"]
    assert [category.title for category in response.context["categories"]] == ["Mugs to travel with"]
    assert [story.title for story in response.context["stories"]] == ["How a mug is thrown"]
    assert response["X-Robots-Tag"] == "noindex"
    html = response.content.decode()
    assert 'href="/mugs/mug/"' in html
    assert "£12.50" in html
    assert "<html" not in html


def test_no_suggestions_for_nothing(client: Client, shop: Page) -> None:
    assert client.get("/search/suggest/").content.strip() == b""
    assert titles(client.get("/search/suggest/?q=m")) == []


def test_searching_costs_the_same_for_1_and_for_24_results(query_budget: Callable[..., Any], shop: Page) -> None:
    one = query_budget("/search/?q=mug", at_most=16)
    for number in range(23):
        make_product(title=f"Mug {number}")
    services.rebuild()
    many = query_budget("/search/?q=mug", at_most=16)
    assert len(titles(many)) == 24
    assert many.query_count == one.query_count
    assert query_budget("/search/?q=purple+teapots", at_most=16).context["counts"] == {
        "products": 0,
        "stories": 0,
        "pages": 0,
    }
    few = query_budget("/search/suggest/?q=mu", at_most=16)
    assert len(titles(few)) == 5


def test_searching_is_the_same_for_everyone(client: Client, shop: Page) -> None:
    for address in ("/search/?q=mug", "/search/suggest/?q=mug"):
        response = client.get(address)
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  two\t words\n", "two words"),
        ("a\x00b\x07c", "a b c"),
        ("x" * 500, "x" * QUERY_LENGTH),
        ("e\u0301", "é"),
        ("\ud800 mug", "mug"),
        ("\ue000mug", "mug"),
    ],
)
def test_cleaning(typed: str, cleaned: str) -> None:
    assert clean_query(typed) == cleaned


def test_words_hold_no_operator() -> None:
    assert words('"mug* -AND_(x)') == ["mug", "AND", "x"]
    assert len(words("a " * 100)) == 12


@pytest.mark.parametrize(
    "configured",
    [
        {"products": "catalog.Nothing"},
        {"products": "nonsense"},
        {"products": "catalog.Brand"},
        {"products": None},
        ["x"],
    ],
)
def test_a_wrong_source_is_found_at_start(configured: Any) -> None:
    with override_settings(SEARCH_SOURCES=configured):
        with pytest.raises(SourceError):
            sources()
        [error] = search_sources_exist(None)
        assert error.id == "search.E001"
        assert error.hint


def test_products_must_be_products() -> None:
    with override_settings(SEARCH_SOURCES={"products": "home.StoryPage"}):
        [error] = search_sources_exist(None)
        assert error.id == "search.E002"
    assert search_sources_exist(None) == []


@override_settings(SEARCH_SOURCES={"stories": "home.StoryPage"})
def test_a_shop_may_search_its_stories_only(client: Client, shop: Page) -> None:
    response = client.get("/search/?q=mug")
    assert response.status_code == 200
    assert response.context["counts"] == {"stories": 1}
