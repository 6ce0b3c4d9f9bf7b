"""What machines read: sitemap.xml, robots.txt, favicon.ico."""

from datetime import UTC, datetime
from typing import Any

import pytest
from wagtail.models import Page, PageViewRestriction

from cms import sitemaps
from home.models import HomePage
from home.tests.factories import ContentPageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_the_sitemap_names_what_anybody_may_see(home_page: HomePage, client: Any) -> None:
    ContentPageFactory(title="About us", slug="about", last_published_at=datetime(2026, 3, 1, 9, 30, tzinfo=UTC))
    ContentPageFactory(title="Hidden", live=False)
    trade = ContentPageFactory(title="Trade")
    PageViewRestriction.objects.create(page=trade, restriction_type="login")
    response = client.get("/sitemap.xml", headers={"host": "evil.example"})
    assert response.headers["Content-Type"] == "application/xml"
    assert response.content.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        "<url><loc>http://testserver/</loc></url>\n"
        "<url><loc>http://testserver/about/</loc><lastmod>2026-03-01T09:30:00+00:00</lastmod></url>\n"
        "</urlset>\n"
    )


def test_the_sitemap_is_cheap(home_page: HomePage, query_budget: Any) -> None:
    for number in range(3):
        ContentPageFactory(title=f"Page {number}")
    few = query_budget("/sitemap.xml", at_most=4).query_count
    for number in range(3, 20):
        ContentPageFactory(title=f"Page {number}")
    assert query_budget("/sitemap.xml", at_most=4).query_count == few


def test_a_large_site_has_an_index(home_page: HomePage, client: Any, monkeypatch: Any) -> None:
    ContentPageFactory(title="About")
    ContentPageFactory(title="Help")
    monkeypatch.setattr(sitemaps, "FILE_LIMIT", 2)
    index = client.get("/sitemap.xml").content.decode()
    assert "<loc>http://testserver/sitemap.xml?p=1</loc>" in index
    assert "<loc>http://testserver/sitemap.xml?p=2</loc>" in index
    assert "?p=3" not in index
    second = client.get("/sitemap.xml?p=2").content.decode()
    assert second.count("<loc>") == 1
    assert "<loc>http://testserver/help/</loc>" in second
    assert client.get("/sitemap.xml?p=3").status_code == 404


@pytest.mark.parametrize("nonsense", ["0", "-1", "x", "%FF", "9" * 30, "²"])
def test_nonsense_is_no_error(home_page: HomePage, client: Any, nonsense: str) -> None:
    assert client.get(f"/sitemap.xml?p={nonsense}").status_code in (200, 404)


def test_robots(home_page: HomePage, client: Any) -> None:
    response = client.get("/robots.txt", headers={"host": "evil.example"})
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert "Disallow: /checkout/" in lines
    assert lines[-1] == "Sitemap: http://testserver/sitemap.xml"


def test_favicon(client: Any) -> None:
    response = client.get("/favicon.ico")
    assert (response.status_code, response.headers["Location"]) == (301, "/static/img/favicon.svg")


@pytest.mark.parametrize("path", ["/sitemap.xml", "/robots.txt", "/favicon.ico"])
def test_no_cookie_and_nothing_personal(home_page: HomePage, client: Any, path: str) -> None:
    response = client.get(path)
    assert response.cookies == {}
    assert "Cookie" not in response.headers.get("Vary", "")
    assert "public" in response.headers["Cache-Control"]


def test_without_a_site(client: Any) -> None:
    Page.objects.filter(depth=2).delete()
    assert client.get("/robots.txt").status_code == 404
