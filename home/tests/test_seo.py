"""What search engines and social networks read."""

import json
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from cms.seo import script_json
from cms.tests.factories import ImageFactory, ShopSettingsFactory
from home.models import HomePage
from home.tests.factories import ContentPageFactory, StoryIndexPageFactory, StoryPageFactory, body

pytestmark = pytest.mark.django_db


def head(client: Any, path: str) -> str:
    response = client.get(path, headers={"host": "evil.example"})
    assert response.status_code == 200
    return response.content.decode().partition("</head>")[0]


def graph(html: str) -> list[dict[str, Any]]:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert len(found) == 1
    data = json.loads(found[0])
    assert data["@context"] == "https://schema.org"
    things: list[dict[str, Any]] = data["@graph"]
    return things


def of_type(html: str, kind: str) -> dict[str, Any]:
    return next(thing for thing in graph(html) if thing["@type"] == kind)


def meta(html: str, name: str) -> str | None:
    found = re.search(rf'<meta (?:name|property)="{name}" content="([^"]*)">', html)
    return found[1] if found else None


def test_titles(home_page: HomePage, client: Any) -> None:
    ShopSettingsFactory()
    ContentPageFactory(title="About us", slug="about")
    ContentPageFactory(title="Visit", slug="visit", seo_title="Visit Ipswich Retail in Suffolk")
    ContentPageFactory(title="Care", slug="care", seo_title="How to care for linen")
    assert "<title>About us | Ipswich Retail</title>" in head(client, "/about/")
    assert "<title>Visit Ipswich Retail in Suffolk</title>" in head(client, "/visit/")
    assert "<title>How to care for linen | Ipswich Retail</title>" in head(client, "/care/")
    assert "<title>Ipswich Retail</title>" in head(client, "/")


def test_descriptions(home_page: HomePage, client: Any) -> None:
    ContentPageFactory(slug="own", search_description="Written for search", intro="Intro")
    ContentPageFactory(slug="intro", intro='The page\'s "first" words')
    ContentPageFactory(slug="none")
    assert meta(head(client, "/own/"), "description") == "Written for search"
    assert meta(head(client, "/intro/"), "description") == "The page&#x27;s &quot;first&quot; words"
    assert meta(head(client, "/none/"), "description") is None


def test_addresses_come_from_the_site_record(home_page: HomePage, client: Any) -> None:
    ContentPageFactory(slug="about")
    html = head(client, "/about/?utm_source=x")
    assert '<link rel="canonical" href="http://testserver/about/">' in html
    assert meta(html, "og:url") == "http://testserver/about/"
    assert "evil.example" not in html


def test_further_pages_of_a_list_are_pages_of_their_own(home_page: HomePage, client: Any) -> None:
    journal = StoryIndexPageFactory()
    for _ in range(10):
        StoryPageFactory(parent=journal)
    assert '<link rel="canonical" href="http://testserver/journal/">' in head(client, "/journal/?page=1&sort=x")
    assert '<link rel="canonical" href="http://testserver/journal/?page=2">' in head(client, "/journal/?page=2&sort=x")


def test_the_picture_for_sharing(home_page: HomePage, client: Any, django_capture_on_commit_callbacks: Any) -> None:
    """The social image, else the page's own picture, else the shop's, else none."""
    with django_capture_on_commit_callbacks(execute=True):
        social, own, shops = (
            ImageFactory(title=name, file__filename=f"{name}.png") for name in ("social", "own", "shop")
        )
    journal = StoryIndexPageFactory()
    StoryPageFactory(parent=journal, slug="both", image=own, social_image=social)
    StoryPageFactory(parent=journal, slug="own", image=own)
    StoryPageFactory(parent=journal, slug="block", body=body(("image_text", {"image": own.pk, "text": "x"})))
    StoryPageFactory(parent=journal, slug="none")
    html = head(client, "/journal/none/")
    assert (meta(html, "og:image"), meta(html, "twitter:card")) == (None, "summary")
    with django_capture_on_commit_callbacks(execute=True):
        ShopSettingsFactory(social_image=shops)
        # Sizes that nobody has asked for yet are made in a task; the second visit finds them.
        for slug in ("both", "own", "block", "none"):
            head(client, f"/journal/{slug}/")
    found = {slug: head(client, f"/journal/{slug}/") for slug in ("both", "own", "block", "none")}
    expected = {"both": "social", "own": "own", "block": "own", "none": "shop"}
    for slug, name in expected.items():
        address = meta(found[slug], "og:image")
        assert address is not None
        assert re.fullmatch(rf"http://testserver/media/images/{name}\S*\.fill-1200x630\.format-jpeg\.jpg", address), (
            slug
        )
        assert meta(found[slug], "twitter:card") == "summary_large_image"
    assert meta(found["both"], "og:image:alt") == "social"


def test_the_shop_describes_itself(home_page: HomePage, client: Any) -> None:
    ShopSettingsFactory()
    html = head(client, "/")
    assert of_type(html, "Organization") == {
        "@type": "Organization",
        "@id": "http://testserver/#organization",
        "name": "Ipswich Retail",
        "legalName": "Ipswich Retail Ltd",
        "url": "http://testserver/",
        "email": "hello@ipswich-retail.example",
        "telephone": "01632 960 214",
        "address": {
            "@type": "PostalAddress",
            "streetAddress": "9 Thimble Row",
            "addressLocality": "Ipswich",
            "postalCode": "IP1 1XR",
            "addressCountry": "GB",
        },
    }
    site = of_type(html, "WebSite")
    assert site["url"] == "http://testserver/"
    assert site["potentialAction"]["query-input"] == "required name=search_term_string"
    target = site["potentialAction"]["target"]["urlTemplate"]
    assert target.startswith("http://testserver/search/")
    assert target.endswith("?q={search_term_string}")
    assert [thing["@type"] for thing in graph(html)] == ["Organization", "WebSite"]


def test_the_way_to_a_page(home_page: HomePage, client: Any) -> None:
    help_page = ContentPageFactory(title="Help", slug="help")
    ContentPageFactory(title="Care & repair", slug="care", parent=help_page)
    assert of_type(head(client, "/help/care/"), "BreadcrumbList")["itemListElement"] == [
        {"@type": "ListItem", "position": 1, "name": "Ipswich Retail", "item": "http://testserver/"},
        {"@type": "ListItem", "position": 2, "name": "Help", "item": "http://testserver/help/"},
        {"@type": "ListItem", "position": 3, "name": "Care & repair", "item": "http://testserver/help/care/"},
    ]


def test_a_story_is_an_article(home_page: HomePage, client: Any) -> None:
    StoryPageFactory(
        title="Sixty before lunch",
        slug="sixty",
        author="Nell Garrod",
        published_on=date(2026, 3, 1),
        last_published_at=datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
    )
    html = head(client, "/journal/sixty/")
    assert meta(html, "og:type") == "article"
    assert of_type(html, "Article") == {
        "@type": "Article",
        "headline": "Sixty before lunch",
        "mainEntityOfPage": "http://testserver/journal/sixty/",
        "datePublished": "2026-03-01",
        "dateModified": "2026-03-02T08:00:00+00:00",
        "author": {"@type": "Person", "name": "Nell Garrod"},
        "publisher": {"@id": "http://testserver/#organization"},
    }


ATTACK = "</script><script>alert(1)</script> <!-- & \u2028"


def test_no_title_breaks_out(home_page: HomePage, client: Any) -> None:
    StoryPageFactory(title=ATTACK, slug="attack", author=ATTACK, seo_title=ATTACK, search_description=ATTACK)
    html = head(client, "/journal/attack/")
    assert "<script>alert" not in html
    assert of_type(html, "Article")["headline"] == ATTACK
    assert of_type(html, "Article")["author"]["name"] == ATTACK


def test_json_in_a_script_element() -> None:
    assert script_json({"a": "</script>&<!--\u2028é"}) == '{"a":"\\u003c/script\\u003e\\u0026\\u003c!--\\u2028é"}'
