"""Staff see the snippets that they have to do with, and no chooser fails at what is no key."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupApprovalTask, Workflow, WorkflowTask
from wagtail.snippets.models import get_snippet_models

from cms.tests.factories import MenuFactory
from shop.accounts.tests.factories import AdminFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home_page")]


@pytest.fixture
def staff() -> Callable[..., Client]:
    """A browser of somebody who may enter the admin, and do nothing there but what is named."""

    def log_in(*codenames: str) -> Client:
        user = UserFactory()
        group = Group.objects.create(name="Helpers")
        group.permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
        user.groups.add(group)
        client = Client()
        client.force_login(user)
        return client

    return log_in


def places_of(model: type[Model]) -> list[str]:
    """Where Wagtail shows the names of a kind of snippet, whoever asks."""
    options: Any = model._meta
    chooser = options.model.snippet_viewset.chooser_viewset
    names = ("choose", "choose_results", "chosen_multiple")
    return [
        *(reverse(chooser.get_url_name(name)) for name in names),
        reverse(chooser.get_url_name("chosen"), args=[1]),
        reverse("wagtail_bulk_action", args=[options.app_label, options.model_name, "delete"]) + "?id=1&next=/admin/",
    ]


@pytest.mark.parametrize("model", get_snippet_models(), ids=lambda model: model._meta.label)
def test_nobody_chooses_what_they_have_nothing_to_do_with(model: type[Model], staff: Callable[..., Client]) -> None:
    client = staff()
    for place in places_of(model):
        answer = client.get(place)
        assert (answer.status_code, answer.headers.get("Location")) == (302, "/admin/"), place
        assert client.get(place, headers={"X-Requested-With": "XMLHttpRequest"}).status_code == 403, place
        assert Client().get(place).headers["Location"].startswith("/account/login/"), place


def test_whoever_may_see_them_may_choose_them(staff: Callable[..., Client]) -> None:
    client = staff("view_brand")
    assert client.get("/admin/snippets/choose/catalog/brand/").status_code == 200
    assert client.get("/admin/snippets/choose/reviews/review/").status_code == 302


@pytest.mark.parametrize("key", ["x", "-", "1.5", "%00", "9" * 400, "é"])
@pytest.mark.parametrize("chooser", ["snippets/choose/catalog/brand", "images/chooser", "documents/chooser"])
def test_what_is_no_key_is_not_found(chooser: str, key: str, admin_client: Client) -> None:
    admin_client.raise_request_exception = False
    assert admin_client.get(f"/admin/{chooser}/chosen/{key}/").status_code in (400, 404)
    assert admin_client.get(f"/admin/{chooser}/chosen-multiple/?id=1&id={key}").status_code in (200, 400, 404)
    assert admin_client.get(f"/admin/choose-page/chosen-multiple/?id=1&id={key}").status_code in (200, 400, 404)


def test_who_is_asked_to_approve_a_menu_reads_it(staff: Callable[..., Client]) -> None:
    menu = MenuFactory()
    menu.save_revision()
    workflow, task = Workflow.objects.create(name="Check"), GroupApprovalTask.objects.create(name="Look at it")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    state = workflow.start(menu, AdminFactory()).current_task_state
    client = staff()
    asked = reverse("wagtailsnippets_cms_menu:collect_workflow_action_data", args=[menu.pk, "approve", state.pk])
    preview = reverse("wagtailsnippets_cms_menu:workflow_preview", args=[menu.pk, task.pk])
    cancelling = reverse("wagtailsnippets_cms_menu:confirm_workflow_cancellation", args=[menu.pk])
    for path in (asked, preview, cancelling):
        assert client.get(path).headers.get("Location") == "/admin/", path
    task.groups.add(Group.objects.get(name="Helpers"))
    for path in (asked, preview):
        assert client.get(path).headers.get("Location") != "/admin/", path
    assert client.get(cancelling).headers.get("Location") == "/admin/"
