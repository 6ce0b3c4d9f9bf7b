"""Drafts may be unfinished, but not nameless: nobody could tell them apart in a list, or open them from it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms.models import Announcement, Menu
from shop.catalog.models import Brand


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "form", "missing"),
    [(Announcement, {}, "text"), (Menu, {"items-count": "0"}, "location"), (Brand, {}, "name")],
)
def test_an_empty_draft_is_not_saved(
    model: Any, form: dict[str, str], missing: str, admin_client: Client, home_page: object
) -> None:
    before = model.objects.count()
    answer = admin_client.post(reverse(model.snippet_viewset.get_url_name("add")), form)
    assert answer.status_code == 200
    assert missing in answer.context["form"].errors
    assert model.objects.count() == before
