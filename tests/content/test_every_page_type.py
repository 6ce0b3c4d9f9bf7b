"""What holds for every page type, also for the next one that somebody adds."""

import re
from typing import Any

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.urls import reverse
from wagtail.models import Page, get_page_models

from home.models import HomePage
from home.tests.factories import ContentPageFactory, body
from tests.content.forms import filled_form
from tests.content.samples import SAMPLES

pytestmark = pytest.mark.django_db

PAGE_TYPES = [model for model in get_page_models() if model is not Page]


def test_every_page_type_has_a_sample() -> None:
    assert set(SAMPLES) == set(PAGE_TYPES), "add the new page type to tests/content/samples.py"


@pytest.fixture(params=PAGE_TYPES, ids=lambda model: model.__name__)
def page(request: Any, home_page: HomePage) -> Page:
    """A live page of each type in turn."""
    return SAMPLES[request.param]()


@pytest.fixture
def no_session(monkeypatch: Any) -> None:
    """Whoever reads or writes a session fails."""

    def refuse(self: SessionBase, *args: Any, **kwargs: Any) -> None:
        raise AssertionError("The page has used the visitor's session.")

    for name in ("_get_session", "save", "create"):
        monkeypatch.setattr(SessionBase, name, refuse)
    monkeypatch.setattr(SessionBase, "_session", property(refuse))


def test_can_be_visited(page: Page, client: Any) -> None:
    response = client.get(page.get_url())
    assert response.status_code == 200
    assert response.context["page"].specific == page
    html = response.content.decode()
    assert html.count("<h1") == 1
    assert f'<link rel="canonical" href="{page.full_url}">' in html
    assert 'property="og:title"' in html
    assert '"@type":"Organization"' in html


def test_is_the_same_for_everyone(page: Page, client: Any, admin_client: Any) -> None:
    """A page is cached for all visitors, so nothing in it may come from one of them."""
    client.get(page.get_url())
    anonymous, editor = client.get(page.get_url()), admin_client.get(page.get_url())
    assert anonymous.content == editor.content
    assert b"csrfmiddlewaretoken" not in anonymous.content


def test_sets_no_cookie_and_reads_no_session(page: Page, client: Any, no_session: None) -> None:
    client.cookies["sessionid"] = "a-visitor-who-was-here-before"
    response = client.get(page.get_url())
    assert response.status_code == 200
    assert response.cookies == {}
    vary = [name.strip().lower() for name in response.headers.get("Vary", "").split(",")]
    assert "cookie" not in vary


def test_the_session_guard_works(home_page: HomePage, client: Any, no_session: None) -> None:
    """A test of the test: something that does use the session is caught."""
    with pytest.raises(AssertionError, match="used the visitor's session"):
        client.get("/account/login/")


def test_can_be_edited_and_published(page: Page, admin_client: Any) -> None:
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    data = filled_form(admin_client, url, type(page), title="Edited by a test", **{"action-publish": "1"})
    response = admin_client.post(url, data)
    assert response.status_code == 302, response.context and response.context["form"].errors
    assert Page.objects.get(pk=page.pk).title == "Edited by a test"


def test_can_be_previewed(page: Page, admin_client: Any) -> None:
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    data = filled_form(admin_client, edit, type(page), title="Only a preview")
    assert admin_client.post(preview, data).json() == {"is_valid": True, "is_available": True}
    response = admin_client.get(preview)
    assert response.status_code == 200
    assert "Only a preview" in response.content.decode()
    assert Page.objects.get(pk=page.pk).title == page.title


def test_one_heading_of_the_first_level_without_a_hero(home_page: HomePage, client: Any) -> None:
    home_page.body = body(("quote", {"text": "No hero"}))
    home_page.save()
    ContentPageFactory(title="Plain", slug="plain", body=body(("quote", {"text": "No hero"})))
    for url, title in (("/", "Ipswich Retail"), ("/plain/", "Plain")):
        headings = re.findall(r"<h1[^>]*>([^<]*)</h1>", client.get(url).content.decode())
        assert headings == [title]


@pytest.mark.parametrize("model", PAGE_TYPES, ids=lambda model: model.__name__)
def test_can_be_previewed_before_it_is_saved(model: type[Page], home_page: HomePage, admin_client: Any) -> None:
    parents = {"StoryPage": "StoryIndexPage", "ProductPage": "CategoryPage", "HomePage": None}
    name = parents.get(model.__name__, "HomePage")
    parent = next((SAMPLES[kind]() for kind in SAMPLES if kind.__name__ == name), Page.objects.get(depth=1))
    names = (model._meta.app_label, model._meta.model_name, parent.pk)
    add, preview = (reverse(f"wagtailadmin_pages:{view}", args=names) for view in ("add", "preview_on_add"))
    data = filled_form(admin_client, add, model, title="Not saved yet", slug="not-saved-yet")
    assert admin_client.post(preview, data).json() == {"is_valid": True, "is_available": True}
    response = admin_client.get(preview)
    assert response.status_code == 200
    assert "Not saved yet" in response.content.decode()
    assert not Page.objects.filter(slug="not-saved-yet").exists()
