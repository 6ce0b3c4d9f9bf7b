"""The journal's list and its stories."""

from datetime import date
from typing import Any

import pytest

from home.models import HomePage
from home.tests.factories import StoryIndexPageFactory, StoryPageFactory

pytestmark = pytest.mark.django_db


def titles(stories: Any) -> list[str]:
    return [story.title for story in stories]


@pytest.fixture
def journal(home_page: HomePage) -> Any:
    index = StoryIndexPageFactory()
    for day in range(1, 12):
        StoryPageFactory(parent=index, title=f"Day {day}", published_on=date(2026, 3, day))
    StoryPageFactory(parent=index, title="Draft", published_on=date(2026, 4, 1), live=False)
    return index


def test_newest_first(journal: Any, client: Any) -> None:
    context = client.get("/journal/").context
    assert titles(context["stories"]) == [f"Day {day}" for day in range(11, 2, -1)]
    assert (context["page_obj"].number, context["paginator"].num_pages, context["page_range"]) == (1, 2, [1, 2])


def test_the_second_page(journal: Any, client: Any) -> None:
    assert titles(client.get("/journal/?page=2").context["stories"]) == ["Day 2", "Day 1"]


@pytest.mark.parametrize(("asked", "number"), [("0", 2), ("99", 2), ("x", 1), ("", 1), ("%FF", 1), ("-3", 2)])
def test_nonsense_shows_some_page(journal: Any, client: Any, asked: str, number: int) -> None:
    response = client.get(f"/journal/?page={asked}")
    assert response.status_code == 200
    assert response.context["page_obj"].number == number


def test_a_story_ends_with_the_newest_others(journal: Any, client: Any) -> None:
    assert titles(client.get("/journal/day-10/").context["more_stories"]) == ["Day 11", "Day 9", "Day 8"]


def test_the_list_costs_the_same_for_any_number(home_page: HomePage, query_budget: Any) -> None:
    index = StoryIndexPageFactory()
    StoryPageFactory(parent=index)
    few = query_budget("/journal/", at_most=8).query_count
    for _ in range(8):
        StoryPageFactory(parent=index)
    assert query_budget("/journal/", at_most=8).query_count == few
