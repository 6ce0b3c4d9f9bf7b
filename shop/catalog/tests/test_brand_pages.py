"""A page for each brand, and all of them by letter."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page

from cms import sitemaps
from shop.catalog import brands
from shop.catalog.brands import letter_of, plain_words
from shop.catalog.models import Brand
from shop.catalog.tests.factories import BrandFactory, BrandIndexPageFactory, ImageFactory
from tests.factories import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def orwell(home_page: Page) -> Brand:
    BrandIndexPageFactory(title="Makers", slug="brands", seo_title="All makers")
    brand: Brand = BrandFactory(
        name="Orwell Ware",
        slug="orwell-ware",
        description="<p>Pots &amp; pans.</p><p>By the river.</p>",
        website="https://orwell.example/",
        logo=ImageFactory(),
    )
    make_product(title="Pan", slug="pan", brand=brand)
    return brand


def test_a_brand_has_a_page_with_its_words_and_products(orwell: Brand, client: Client) -> None:
    make_product(title="Someone else's")
    page = client.get("/brands/orwell-ware/")
    html = page.content.decode()
    assert [card.title for card in page.context["cards"]] == ["Pan"]
    assert "<h1>Orwell Ware</h1>" in html
    assert '<link rel="canonical" href="http://testserver/brands/orwell-ware/">' in html
    assert "<title>Orwell Ware | " in html
    assert 'content="Pots &amp; pans. By the river."' in html
    assert page.context["breadcrumbs"][1:] == [("Makers", "/brands/"), ("Orwell Ware", "/brands/orwell-ware/")]
    assert '"@type":"Brand"' in html
    assert '"sameAs":"https://orwell.example/"' in html
    assert '"@type":"ItemList"' in html


def test_a_product_leads_to_its_brand(orwell: Brand, client: Client) -> None:
    assert '<a href="/brands/orwell-ware/">Orwell Ware</a>' in client.get("/pan/").content.decode()
    orwell.unpublish()
    assert "/brands/" not in client.get("/pan/").content.decode()


def test_a_shop_without_the_page_names_the_brand_only(home_page: Page, client: Client) -> None:
    make_product(title="Pan", slug="pan", brand=BrandFactory(name="Orwell Ware"))
    html = client.get("/pan/").content.decode()
    assert '<p class="product__brand">Orwell Ware</p>' in html


@pytest.mark.parametrize("path", ["nobody/", "orwell-ware/more/", "Orwell-Ware/", "%F0%9F%A6%86/", f"{'x' * 3000}/"])
def test_addresses_that_are_none(orwell: Brand, client: Client, path: str) -> None:
    assert client.get(f"/brands/{path}").status_code == 404


def test_a_draft_has_no_page(orwell: Brand, client: Client) -> None:
    orwell.unpublish()
    assert client.get("/brands/orwell-ware/").status_code == 404
    assert client.get("/brands/").context["letters"] == []


def test_all_by_letter(orwell: Brand, client: Client) -> None:
    for name in ("Étain", "elm & oak", "1898", "Nothing to sell"):
        brand = BrandFactory(name=name)
        if name != "Nothing to sell":
            make_product(brand=brand)
    page = client.get("/brands/")
    shown = [(group.letter, [link.name for link in group.brands]) for group in page.context["letters"]]
    assert shown == [("E", ["elm & oak", "Étain"]), ("O", ["Orwell Ware"]), ("#", ["1898"])]
    assert '<a href="/brands/orwell-ware/">Orwell Ware</a>' in page.content.decode()


def test_very_many_come_one_letter_at_a_time(orwell: Brand, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brands, "BRANDS_AT_ONCE", 1)
    make_product(brand=BrandFactory(name="Adnams"))

    def shown(query: str) -> list[str]:
        return [link.name for group in client.get(f"/brands/{query}").context["letters"] for link in group.brands]

    assert shown("") == ["Adnams"]
    assert shown("?letter=O") == ["Orwell Ware"]
    assert shown("?letter=%F0%9F%A6%86") == ["Adnams"]


def test_the_sitemap_names_them(orwell: Brand, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    BrandFactory(name="Nothing to sell")
    assert client.get("/sitemap.xml").content.decode().count("/brands/") == 2
    assert "<loc>http://testserver/brands/orwell-ware/</loc>" in client.get("/sitemap.xml").content.decode()
    monkeypatch.setattr(sitemaps, "FILE_LIMIT", 3)  # home page, page of brands, product; then the brand
    assert "?p=2" in client.get("/sitemap.xml").content.decode()
    second = client.get("/sitemap.xml?p=2").content.decode()
    assert second.count("<loc>") == 1
    assert "orwell-ware" in second


def test_queries_do_not_grow(orwell: Brand, query_budget: Callable[..., Any]) -> None:
    few = query_budget("/brands/orwell-ware/", at_most=12).query_count
    index = query_budget("/brands/", at_most=12).query_count
    for number in range(12):
        make_product(title=f"Pot {number}", brand=orwell)
        make_product(brand=BrandFactory())
    assert query_budget("/brands/orwell-ware/", at_most=12).query_count == few
    assert query_budget("/brands/", at_most=12).query_count == index
    assert query_budget("/pan/", at_most=9).status_code == 200


@pytest.mark.parametrize(("name", "letter"), [("Zoë", "Z"), ("Ørsted", "Ø"), ("9 Elms", "#"), ("", "#"), (" ård", "A")])
def test_letters(name: str, letter: str) -> None:
    assert letter_of(name) == letter


def test_words_without_markup() -> None:
    assert plain_words(Brand(description="<p>A &lt;b&gt; c</p><p>d</p>")) == "A <b> c d"
