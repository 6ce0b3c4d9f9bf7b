"""An address finds its page in one query, and never a wrong one."""

from typing import Any

import pytest
from django.http import Http404
from django.test import RequestFactory
from wagtail.models import Page

from cms.models import BasePage
from home.models import ContentPage, HomePage
from home.tests.factories import ContentPageFactory, StoryIndexPageFactory, StoryPageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def route(home: HomePage, *components: str) -> Page:
    return home.route(RequestFactory().get("/"), list(components)).page


def test_one_query_once_warm(home_page: HomePage, django_assert_num_queries: Any) -> None:
    story = StoryPageFactory(title="Mugs")
    home = HomePage.objects.get()
    assert route(home, "journal", "mugs") == story
    with django_assert_num_queries(1):
        found = route(home, "journal", "mugs")
        assert type(found).__name__ == "StoryPage"
        assert found.image is None
        assert found.social_image is None


def test_the_home_page_is_read_afresh(home_page: HomePage, django_assert_num_queries: Any) -> None:
    cached = HomePage.objects.get()
    HomePage.objects.update(title="Changed")
    with django_assert_num_queries(1):
        assert route(cached).title == "Changed"


def test_an_unknown_address(home_page: HomePage) -> None:
    with pytest.raises(Http404):
        route(home_page, "nothing")


def test_an_unpublished_page(home_page: HomePage) -> None:
    ContentPageFactory(title="Hidden", live=False)
    with pytest.raises(Http404):
        route(home_page, "hidden")


def test_an_unpublished_home_page(home_page: HomePage) -> None:
    HomePage.objects.update(live=False)
    with pytest.raises(Http404):
        route(home_page)


def test_the_same_slug_elsewhere_is_another_page(home_page: HomePage) -> None:
    top = ContentPageFactory(title="Care")
    nested = ContentPageFactory(title="Care", parent=ContentPageFactory(title="Help"))
    assert route(home_page, "care") == top
    assert route(home_page, "help", "care") == nested
    with pytest.raises(Http404):
        route(home_page, "journal", "care")


def test_a_page_of_another_type_takes_the_address(home_page: HomePage) -> None:
    old = ContentPageFactory(title="Journal")
    assert type(route(home_page, "journal")).__name__ == "ContentPage"
    old.delete()
    StoryIndexPageFactory(title="Journal")
    assert type(route(home_page, "journal")).__name__ == "StoryIndexPage"


def test_a_moved_page_leaves_its_address(home_page: HomePage) -> None:
    help_page, care = ContentPageFactory(title="Help"), ContentPageFactory(title="Care")
    assert route(home_page, "care") == care
    ContentPage.objects.get(pk=care.pk).move(help_page, "last-child")
    assert route(home_page, "help", "care") == care
    with pytest.raises(Http404):
        route(home_page, "care")


def test_pages_that_add_addresses_of_their_own_still_can(home_page: HomePage, monkeypatch: Any) -> None:
    page = ContentPageFactory(title="Archive")

    def with_years(self: BasePage, request: Any, components: list[str]) -> Any:
        from wagtail.url_routing import RouteResult

        if components == ["2025"]:
            return RouteResult(self, kwargs={"year": 2025})
        raise Http404

    monkeypatch.setattr(ContentPage, "route", with_years)
    result = home_page.route(RequestFactory().get("/"), ["archive", "2025"])
    assert (result.page.pk, result.kwargs) == (page.pk, {"year": 2025})
