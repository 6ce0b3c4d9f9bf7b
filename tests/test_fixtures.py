"""The shared fixtures do what they say."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from wagtail.models import Page, Site

from home.models import HomePage


@pytest.mark.django_db
def test_the_home_page_is_the_root_of_the_one_site(home_page: HomePage, site: Site) -> None:
    assert site.root_page_id == home_page.pk
    assert home_page.full_url == "http://testserver/"
    assert not any(Page.find_problems())


@pytest.mark.redis
def test_redis_is_a_real_server(redis_cache: Any) -> None:
    redis_cache.set("basket", {"MUG": 2})
    assert redis_cache.get("basket") == {"MUG": 2}


@pytest.mark.database
def test_threads_write_at_the_same_time(in_threads: Callable[..., list[int]]) -> None:
    def create(number: int) -> int:
        return Group.objects.create(name=f"threads {number}").pk

    assert len(set(in_threads(20, create))) == 20
    assert Group.objects.filter(name__startswith="threads ").count() == 20


# Twice: the first run empties every table when it ends, and home_page must bring back what it needs.
@pytest.mark.browser
@pytest.mark.parametrize("javascript", [True, False])
def test_the_browser_reaches_the_live_server(
    live_server: Any, home_page: HomePage, new_page: Callable[..., Any], javascript: bool
) -> None:
    page = new_page(javascript=javascript)
    page.goto(f"{live_server.url}/account/login/")
    assert page.locator("input[name=login]").is_visible()
