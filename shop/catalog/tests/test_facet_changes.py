"""How an index of facets learns what other processes have changed."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from shop.catalog.facets import changes, index
from shop.catalog.facets.changes import Position, forget_old_changes
from shop.catalog.models import CatalogueChange
from shop.catalog.signals import NAMED_MOST, announce
from tests.factories import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_changes_are_read_once() -> None:
    announce([1])
    position = Position()
    assert position.read() is None
    announce([3, 2, 3])
    announce([], tree=True)
    announce([])
    found = position.read()
    assert found is not None
    assert (found.products, found.tree, found.everything) == ({2, 3}, True, False)
    assert position.read() is None


def test_a_transaction_that_commits_late_is_not_missed() -> None:
    announce([1])
    last = CatalogueChange.objects.latest("pk").pk
    # Numbers last + 1 and last + 2 belong to transactions that are still running.
    position = Position()
    CatalogueChange.objects.create(pk=last + 3, products=[3])
    found = position.read()
    assert found is not None
    assert found.products == {3}
    CatalogueChange.objects.create(pk=last + 2, products=[2])
    found = position.read()
    assert found is not None
    assert found.products == {2}
    assert position.read() is None
    # One that was running when the index was built, too.
    later = Position()
    CatalogueChange.objects.create(pk=last + 1, products=[1])
    for reader in (position, later):
        found = reader.read()
        assert found is not None
        assert found.products == {1}


def test_too_many_changes_are_not_told_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    position = Position()
    announce(range(NAMED_MOST + 1))
    assert CatalogueChange.objects.latest("pk").products is None
    found = position.read()
    assert found is not None
    assert found.everything
    monkeypatch.setattr(changes, "ROWS_MOST", 3)
    for number in range(5):
        announce([number])
    found = position.read()
    assert found is not None
    assert found.everything


def test_old_changes_are_forgotten() -> None:
    announce([1])
    announce([2])
    CatalogueChange.objects.filter(products=[1]).update(at=timezone.now() - timedelta(days=2))
    assert forget_old_changes() == 1
    assert CatalogueChange.objects.get().products == [2]
    out = StringIO()
    call_command("tidy_catalogue", stdout=out)
    assert out.getvalue() == "0 listing rows refreshed, 0 old changes forgotten\n"


def test_a_change_that_is_rolled_back_is_none() -> None:
    position = Position()
    with transaction.atomic():
        announce([1])
        transaction.set_rollback(True)
    assert position.read() is None


@pytest.mark.django_db(transaction=True)
def test_visitors_see_the_old_index_while_the_new_one_is_built(
    home_page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "BACKGROUND_FROM", 0)
    started: list[Any] = []

    class Thread:
        def __init__(self, *, target: Any, **options: Any) -> None:
            started.append(target)

        def start(self) -> None:
            """Later, by hand."""

    current = index.Current()
    product = make_product(parent=home_page)
    before = current.get()
    monkeypatch.setattr(index.threading, "Thread", Thread)
    CatalogueChange.objects.create(products=None)
    product.delete()
    # A change that has a name is seen at once, beside the old index.
    view = current.get()
    assert view.segments[0] is before.segments[0]
    assert view.first(view.everyone, "name", 0, 10) == []
    current.get()
    [build] = started
    build()
    assert current.get().segments[0] is not before.segments[0]
    current.get()
    assert len(started) == 1


def test_a_build_that_fails_leaves_the_old_index(
    home_page: Page, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    current = index.Current()
    current.get()
    monkeypatch.setattr(index, "build", lambda: 1 / 0)
    monkeypatch.setattr(index.connections, "close_all", lambda: None)
    current._build_and_take()
    assert "The index of facets could not be built" in caplog.text
    assert current.get() is not None
