"""Titles of pages, and what hangs on them, are shown to staff who have to do with those pages."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupApprovalTask, GroupPagePermission, Page, Workflow, WorkflowTask

from home.tests.factories import ContentPageFactory, StoryIndexPageFactory, StoryPageFactory
from shop.accounts.models import User
from shop.accounts.tests.factories import AdminFactory, UserFactory
from storefront.page_guards import RULES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home_page")]
SECRET = "Closing down sale"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def group(*codenames: str) -> Group:
    found = Group.objects.create(name=f"Helpers {Group.objects.count()}")
    found.permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    return found


def member(*groups: Group) -> User:
    user: User = UserFactory()
    user.groups.set(groups)
    return user


@pytest.fixture
def journal() -> Page:
    return StoryIndexPageFactory(title="Journal")


@pytest.fixture
def journalist(journal: Page) -> User:
    """May do everything with the stories, and nothing with another page."""
    writers = group()
    for codename in ("add_page", "change_page", "publish_page"):
        right = Permission.objects.get(codename=codename, content_type__app_label="wagtailcore")
        GroupPagePermission.objects.create(group=writers, page=journal, permission=right)
    return member(writers)


@pytest.fixture
def packer() -> User:
    return member(group("view_order", "note_order", "fulfil_order", "view_stockmovement"))


@pytest.fixture
def secret() -> Page:
    """A draft that somebody else has submitted."""
    page: Page = ContentPageFactory(title=SECRET, live=False)
    boss = AdminFactory()
    page.save_revision(user=boss)
    workflow, task = Workflow.objects.create(name=SECRET), GroupApprovalTask.objects.create(name=SECRET)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    workflow.start(page, boss)
    return page


def address(name: str, page: Page, place: Page) -> str:
    state = page.current_workflow_task_state
    assert state
    number = {"page_id": page.pk, "task_id": state.task_id}
    arguments: dict[str, dict[str, Any]] = {
        "wagtailadmin_pages:move_confirm": {"page_to_move_id": page.pk, "destination_id": place.pk},
        "wagtailadmin_pages:workflow_action": {
            "page_id": page.pk,
            "action_name": "approve",
            "task_state_id": state.pk,
        },
        "wagtailadmin_pages:collect_workflow_action_data": {
            "page_id": page.pk,
            "action_name": "approve",
            "task_state_id": state.pk,
        },
        "wagtailadmin_pages:confirm_workflow_cancellation": {"page_id": page.pk},
        "wagtailadmin_pages:workflow_preview": number,
        "wagtailadmin_choose_page_child": {"parent_page_id": page.get_parent().pk},
        "wagtailadmin_workflows:task_chosen": {"task_id": state.task_id},
    }
    question = f"?q={SECRET.split()[0]}" if name.endswith("search") else f"?id={page.pk}"
    return reverse(name, kwargs=arguments.get(name, {})) + question


@pytest.mark.parametrize("name", RULES)
def test_who_has_nothing_to_do_with_pages_reads_nothing_of_them(
    name: str, packer: User, secret: Page, journal: Page
) -> None:
    client, path = client_of(packer), address(name, secret, journal)
    for answer in (client.get(path), client.post(path)):
        assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")
    assert client.get(path, headers={"X-Requested-With": "XMLHttpRequest"}).status_code == 403
    assert SECRET not in client.get("/admin/").content.decode()
    assert Client().get(path).headers["Location"].startswith("/account/login/")


@pytest.mark.parametrize("name", [name for name in RULES if "choose" not in name or "task" in name])
def test_who_has_other_pages_does_not_read_of_these(name: str, journalist: User, secret: Page, journal: Page) -> None:
    client = client_of(journalist)
    assert SECRET not in client.get(address(name, secret, journal), follow=True).content.decode()


@pytest.mark.parametrize("name", RULES)
def test_who_has_all_pages_is_not_hindered(name: str, secret: Page) -> None:
    answer = client_of(AdminFactory()).get(address(name, secret, ContentPageFactory()))
    assert answer.headers.get("Location") != "/admin/"


def test_moving_among_the_pages_that_are_theirs(journalist: User, journal: Page, secret: Page) -> None:
    story, other = StoryPageFactory(parent=journal), StoryIndexPageFactory(parent=None, title="Elsewhere")
    client = client_of(journalist)
    for page, place, allowed in ((story, journal, True), (secret, journal, False), (story, other, False)):
        answer = client.get(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, place.pk]))
        assert (answer.status_code == 200) == allowed, (page, place)
    for gone in (999_999, 2**63, 10**30):
        assert client.get(f"/admin/pages/{gone}/move/{journal.pk}/confirm/").status_code == 404


def test_who_approves_a_page_reads_it(secret: Page, journal: Page) -> None:
    approvers = group()
    state = secret.current_workflow_task_state
    assert state
    state.task.specific.groups.add(approvers)
    client = client_of(member(approvers))
    for name in ("workflow_preview", "collect_workflow_action_data"):
        assert client.get(address(f"wagtailadmin_pages:{name}", secret, journal)).status_code == 200


def test_who_writes_menus_or_promotions_chooses_among_all_pages(secret: Page, journal: Page) -> None:
    client = client_of(member(group("change_menu")))
    assert SECRET in client.get(address("wagtailadmin_choose_page_child", secret, journal)).content.decode()


def test_menus_lead_to_nothing_that_is_refused(journalist: User, packer: User, journal: Page) -> None:
    seen = {user: client_of(user).get("/admin/").content.decode() for user in (journalist, packer, AdminFactory())}
    products = ["/admin/products/" in page for page in seen.values()]
    reports = ["/admin/reports/page-types-usage/" in page for page in seen.values()]
    histories = ["/admin/reports/site-history/" in page for page in seen.values()]
    assert (products, reports, histories) == ([True, False, True], [False, False, True], [True, False, True])
