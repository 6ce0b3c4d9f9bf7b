"""Saving a page weighs its own title, and reads no more of the index the larger that gets."""

from inspect import signature
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page
from wagtail.search.backends import get_search_backend
from wagtail.search.models import IndexEntry

from cms import title_norms

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def norm(page: Page) -> float:
    return round(IndexEntry.objects.get(object_id=str(page.pk), content_type__model="page").title_norm, 4)


def test_what_is_replaced_is_there(home_page: Page) -> None:
    index = get_search_backend().get_index_for_model(Page)
    module, name = title_norms.INDEXES[connection.vendor]
    assert (type(index).__module__, type(index).__name__) == (module, name)
    assert index.add_items.__name__ == "add_and_measure"
    assert list(signature(index._refresh_title_norms).parameters) == ["full"]


def test_the_norm_is_that_of_the_latest_titles(home_page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(title_norms, "AVERAGED_TITLES", 2)
    IndexEntry.objects.all().delete()
    long = home_page.add_child(instance=Page(title="Delivery returns warranty privacy", slug="a"))
    short = home_page.add_child(instance=Page(title="Delivery returns", slug="b"))
    lengths = (4, 2) if connection.vendor == "postgresql" else (33, 16)  # words, characters
    average = sum(lengths) / 2
    assert norm(long) == 1.0  # the only one when it was measured
    assert norm(short) == round(average / lengths[1], 4)
    call_command("update_index", verbosity=0)
    assert norm(long) < 1


def test_a_changed_title_is_measured_again(home_page: Page) -> None:
    page = home_page.add_child(instance=Page(title="Delivery", slug="a"))
    before = norm(page)
    page.title = "Delivery returns warranty privacy"
    page.save()
    assert norm(page) < before


def test_no_save_reads_every_entry(home_page: Page, django_capture_on_commit_callbacks: Any) -> None:
    page = home_page.add_child(instance=Page(title="Delivery", slug="a"))
    with (
        CaptureQueriesContext(
            connection,
        ) as queries,
        django_capture_on_commit_callbacks(execute=True),
    ):
        page.save()
    averages = [query["sql"] for query in queries if "AVG(" in query["sql"].upper()]
    assert len(averages) == 1
    assert f"LIMIT {title_norms.AVERAGED_TITLES}" in averages[0]
    assert not [query["sql"] for query in queries if '"title_norm" = 1.0' in query["sql"]]
