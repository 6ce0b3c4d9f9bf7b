"""The site of a request: the same answer as Wagtail's, without its query."""

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from wagtail.models import Site

from cms import sites
from cms.middleware import SiteMiddleware

HOSTS = [
    ("testserver", 80),
    ("testserver", 8080),
    ("unknown.example", 80),
    ("outlet.example", 80),
    ("outlet.example", 8443),
    ("twice.example", 80),
    ("twice.example", 81),
    ("twice.example", 82),
]


def request_to(host: str, port: int) -> HttpRequest:
    return RequestFactory(SERVER_NAME=host, SERVER_PORT=str(port)).get("/")


@pytest.fixture
def three_sites(site: Site) -> None:
    for hostname, port in (("outlet.example", 80), ("twice.example", 81), ("twice.example", 82)):
        Site.objects.create(hostname=hostname, port=port, root_page=site.root_page)


@pytest.mark.parametrize(("host", "port"), HOSTS)
@pytest.mark.parametrize("default", [True, False], ids=["with a default site", "without"])
def test_finds_what_wagtail_finds(three_sites: None, host: str, port: int, default: bool) -> None:
    Site.objects.update(is_default_site=False)
    Site.objects.filter(hostname="testserver").update(is_default_site=default)
    sites.forget_sites()
    assert sites.site_for_request(request_to(host, port)) == Site._find_for_request(request_to(host, port))


def test_costs_no_query_once_warm(site: Site, django_assert_num_queries: object) -> None:
    sites.site_for_request(request_to("testserver", 80))
    with django_assert_num_queries(0):  # type: ignore[operator]
        found = sites.site_for_request(request_to("testserver", 80))
        assert found is not None
        assert found.root_page.specific_class.__name__ == "HomePage"
        assert type(found.root_page).__name__ == "HomePage"


def test_every_request_gets_its_own_root_page(site: Site) -> None:
    first, second = sites.default_site(), sites.default_site()
    assert first is not None
    assert second is not None
    first.root_page.title = "Changed by a careless template tag"
    assert second.root_page.title == "Ipswich Retail"
    third = sites.default_site()
    assert third is not None
    assert third.root_page.title == "Ipswich Retail"


def test_a_changed_host_is_noticed_at_once(site: Site) -> None:
    assert sites.default_site() == site
    site.hostname = "shop.example"
    site.save()
    found = sites.default_site()
    assert found is not None
    assert found.hostname == "shop.example"


def test_the_middleware_answers_wagtail(site: Site, django_assert_num_queries: object) -> None:
    request = request_to("testserver", 80)
    sites.all_sites()
    with django_assert_num_queries(0):  # type: ignore[operator]
        SiteMiddleware(lambda request: None)(request)  # type: ignore[arg-type, return-value]
        assert Site.find_for_request(request) == site


@pytest.mark.parametrize("path", ["/health/", "/ready/"])
def test_health_checks_touch_nothing(path: str) -> None:
    # Without the db fixture a query would raise.
    request = RequestFactory().get(path)
    SiteMiddleware(lambda request: None)(request)  # type: ignore[arg-type, return-value]
    assert not hasattr(request, "_wagtail_site")
