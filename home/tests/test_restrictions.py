"""Private pages stay private, public ones cost no query."""

from typing import Any

import pytest
from wagtail.models import PageViewRestriction

from home.models import ContentPage, HomePage
from home.tests.factories import ContentPageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def restrict(page: ContentPage) -> PageViewRestriction:
    return PageViewRestriction.objects.create(page=page, restriction_type="password", password="hush")


def test_no_query_where_nothing_is_private(home_page: HomePage, django_assert_num_queries: Any) -> None:
    page = ContentPageFactory()
    page.get_view_restrictions()
    with django_assert_num_queries(0):
        assert list(page.get_view_restrictions()) == []


def test_the_page_and_what_is_below(home_page: HomePage, django_capture_on_commit_callbacks: Any) -> None:
    trade, other = ContentPageFactory(title="Trade"), ContentPageFactory(title="Other")
    below = ContentPageFactory(title="Terms", parent=trade)
    assert list(below.get_view_restrictions()) == []
    with django_capture_on_commit_callbacks(execute=True):
        restriction = restrict(trade)
    assert list(trade.get_view_restrictions()) == [restriction]
    assert list(below.get_view_restrictions()) == [restriction]
    assert list(other.get_view_restrictions()) == []
    with django_capture_on_commit_callbacks(execute=True):
        restriction.delete()
    assert list(below.get_view_restrictions()) == []


def test_an_alias_is_as_private_as_its_source(home_page: HomePage, django_capture_on_commit_callbacks: Any) -> None:
    trade = ContentPageFactory(title="Trade")
    restriction = restrict(trade)
    assert list(trade.get_view_restrictions()) == [restriction]
    with django_capture_on_commit_callbacks(execute=True):
        alias = trade.create_alias(update_slug="trade-too")
    assert list(ContentPage.objects.get(pk=alias.pk).get_view_restrictions()) == [restriction]


def test_moving_into_a_private_part(home_page: HomePage, django_capture_on_commit_callbacks: Any) -> None:
    trade, page = ContentPageFactory(title="Trade"), ContentPageFactory(title="Prices")
    restriction = restrict(trade)
    assert list(page.get_view_restrictions()) == []
    with django_capture_on_commit_callbacks(execute=True):
        ContentPage.objects.get(pk=page.pk).move(ContentPage.objects.get(pk=trade.pk), "last-child")
    assert list(ContentPage.objects.get(pk=page.pk).get_view_restrictions()) == [restriction]


def test_a_visitor_is_asked_for_the_password(home_page: HomePage, client: Any) -> None:
    restrict(ContentPageFactory(title="Trade"))
    response = client.get("/trade/")
    assert response.status_code == 200
    assert b'type="password"' in response.content
    assert "no-store" in response.headers["Cache-Control"]
