"""Pages behind a password: it opens them, and cannot be guessed."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from home.tests.factories import ContentPageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home_page")]


def page_door() -> str:
    page = ContentPageFactory(title="For the trade")
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="password", password="barley")
    return reverse("wagtailcore_authenticate_with_password", args=[restriction.pk, page.pk])


def document_door() -> str:
    restriction = CollectionViewRestriction.objects.create(
        collection=Collection.get_first_root_node(), restriction_type="password", password="barley"
    )
    return reverse("wagtaildocs_authenticate_with_password", args=[restriction.pk])


@pytest.mark.parametrize("door", [page_door, document_door])
def test_the_eleventh_guess_is_not_looked_at(door: Callable[[], str]) -> None:
    path = door()
    wrong = {"password": "oats", "return_url": "/"}
    assert [Client().post(path, wrong).status_code for _ in range(10)] == [200] * 10
    refused = Client().post(path, {"password": "barley", "return_url": "/"})
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) >= 60
    elsewhere = Client().post(path, {"password": "barley", "return_url": "/x/"}, REMOTE_ADDR="203.0.113.9")
    assert (elsewhere.status_code, elsewhere["Location"]) == (302, "/x/")


def test_it_leads_only_to_addresses_of_ours() -> None:
    answer = Client().post(page_door(), {"password": "barley", "return_url": "https://evil.example/"})
    assert "evil.example" not in answer["Location"]
