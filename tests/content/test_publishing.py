"""Drafts, schedules, approval and comparison, each really done, on pages and on snippets."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.core.management import call_command
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page, Revision, Site, Workflow, WorkflowContentType, WorkflowState

from cms.chrome import get_chrome
from cms.models import Announcement, Menu
from cms.tests.factories import AnnouncementFactory, MenuFactory, link, menu_items
from demo.people import load_workflow
from home.models import ContentPage, HomePage
from home.tests.factories import ContentPageFactory
from shop.accounts.models import User
from shop.catalog.models import Brand
from shop.catalog.tests.factories import BrandFactory
from tests.content.forms import filled_form

pytestmark = pytest.mark.django_db

BEFORE, AFTER = "Before the change", "After the change"


@dataclass(frozen=True)
class Subject:
    """Something that is published, and how a test changes its words."""

    model: Any
    make: Callable[[], Any]
    field: str

    @property
    def names(self) -> str:
        """The namespace of its addresses in the admin."""
        return "wagtailadmin_pages" if issubclass(self.model, Page) else self.model.snippet_viewset.url_namespace

    @property
    def form_id(self) -> str:
        return "page-edit-form" if issubclass(self.model, Page) else "w-editor-form"

    def url(self, view: str, thing: Model, *args: Any) -> str:
        return reverse(f"{self.names}:{view}", args=[thing.pk, *args])

    def read(self, thing: Any) -> str:
        return str(getattr(self.model.objects.get(pk=thing.pk), self.field))

    def change(self, thing: Any, value: str) -> Any:
        setattr(thing, self.field, value)
        return thing


SUBJECTS = [
    Subject(ContentPage, lambda: ContentPageFactory(title=BEFORE), "title"),
    Subject(Announcement, lambda: AnnouncementFactory(text=BEFORE), "text"),
    Subject(Brand, lambda: BrandFactory(name=BEFORE), "name"),
]


@pytest.fixture(params=SUBJECTS, ids=lambda subject: subject.model.__name__)
def subject(request: Any, home_page: HomePage) -> Subject:
    return request.param


@pytest.fixture
def thing(subject: Subject) -> Any:
    """It is live, with a first revision."""
    made = subject.make()
    made.save_revision().publish()
    return type(made).objects.get(pk=made.pk)


def post(client: Any, subject: Subject, thing: Any, **values: str) -> None:
    url = subject.url("edit", thing)
    data = filled_form(client, url, type(thing), subject.form_id, **values)
    response = client.post(url, data)
    assert response.status_code == 302, response.context["form"].errors


def test_a_draft_changes_nothing_that_is_public(subject: Subject, thing: Any, admin_client: Any) -> None:
    post(admin_client, subject, thing, **{subject.field: AFTER})
    assert subject.read(thing) == BEFORE
    stored = type(thing).objects.get(pk=thing.pk)
    assert stored.has_unpublished_changes
    assert subject.read(thing) == BEFORE
    assert getattr(stored.get_latest_revision_as_object(), subject.field) == AFTER


def test_publishing(subject: Subject, thing: Any, admin_client: Any) -> None:
    post(admin_client, subject, thing, **{subject.field: AFTER, "action-publish": "1"})
    assert subject.read(thing) == AFTER
    assert not type(thing).objects.get(pk=thing.pk).has_unpublished_changes


def local(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def test_publishing_by_schedule(subject: Subject, thing: Any, admin_client: Any) -> None:
    tomorrow = local(timezone.now() + timedelta(days=1))
    post(admin_client, subject, thing, **{subject.field: AFTER, "go_live_at": tomorrow, "action-publish": "1"})
    call_command("publish_scheduled", verbosity=0)
    assert subject.read(thing) == BEFORE, "its time has not come"
    scheduled = Revision.objects.for_instance(thing).get(approved_go_live_at__isnull=False)
    passed = timezone.now() - timedelta(minutes=1)
    scheduled.content["go_live_at"] = passed.isoformat()
    scheduled.approved_go_live_at = passed
    scheduled.save()
    call_command("publish_scheduled", verbosity=0)
    assert subject.read(thing) == AFTER


def test_scheduling_a_change_of_something_imported(subject: Subject, home_page: HomePage, admin_client: Any) -> None:
    """It is live without a revision; it stays live until the change is due, and the change can be compared."""
    thing = subject.make()
    assert thing.live_revision is None
    tomorrow = local(timezone.now() + timedelta(days=1))
    post(admin_client, subject, thing, **{subject.field: AFTER, "go_live_at": tomorrow, "action-publish": "1"})
    stored = type(thing).objects.get(pk=thing.pk)
    assert stored.live
    assert subject.read(thing) == BEFORE
    first, second = Revision.objects.for_instance(thing).order_by("pk")
    assert (first.content[subject.field], second.content[subject.field]) == (BEFORE, AFTER)
    assert (stored.live_revision, stored.latest_revision) == (first, second)


def test_expiry_by_schedule(subject: Subject, thing: Any) -> None:
    thing.expire_at = timezone.now() + timedelta(hours=1)
    thing.save_revision().publish()
    call_command("publish_scheduled", verbosity=0)
    assert type(thing).objects.get(pk=thing.pk).live
    type(thing).objects.filter(pk=thing.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    call_command("publish_scheduled", verbosity=0)
    assert not type(thing).objects.get(pk=thing.pk).live


def test_comparing_revisions(subject: Subject, thing: Any, admin_client: Any) -> None:
    first = thing.latest_revision
    second = subject.change(thing, AFTER).save_revision()
    response = admin_client.get(subject.url("revisions_compare", thing, first.pk, second.pk))
    assert response.status_code == 200
    html = response.content.decode()
    assert '<span class="deletion">Before</span><span class="addition">After</span> the change' in html


def test_the_history_names_who_did_what(subject: Subject, thing: Any, admin_client: Any) -> None:
    post(admin_client, subject, thing, **{subject.field: AFTER, "action-publish": "1"})
    html = admin_client.get(subject.url("history", thing)).content.decode()
    assert "Published" in html
    assert "admin@example.com" in html


def test_going_back_to_an_earlier_revision(subject: Subject, thing: Any, admin_client: Any) -> None:
    first = thing.latest_revision
    post(admin_client, subject, thing, **{subject.field: AFTER, "action-publish": "1"})
    response = admin_client.get(subject.url("revisions_revert", thing, first.pk))
    assert response.status_code == 200
    assert BEFORE in response.content.decode()
    first.publish()
    assert subject.read(thing) == BEFORE


def test_previewing(subject: Subject, thing: Any, admin_client: Any) -> None:
    data = filled_form(admin_client, subject.url("edit", thing), type(thing), subject.form_id, **{subject.field: AFTER})
    preview = subject.url("preview_on_edit", thing)
    assert admin_client.post(preview, data).json() == {"is_valid": True, "is_available": True}
    response = admin_client.get(preview)
    assert response.status_code == 200
    assert AFTER in response.content.decode()
    assert subject.read(thing) == BEFORE


@pytest.fixture
def people(db: None) -> dict[str, User]:
    """Somebody who may only write, and somebody who approves."""
    writers = Group.objects.create(name="Writers")
    editors = Group.objects.get(name="Editors")
    for permission in editors.permissions.exclude(codename__startswith="publish_"):
        writers.permissions.add(permission)
    for entry in GroupPagePermission.objects.filter(group=editors).exclude(permission__codename="publish_page"):
        GroupPagePermission.objects.create(group=writers, page=entry.page, permission=entry.permission)
    made = {}
    for name, group in (("writer", writers), ("moderator", Group.objects.get(name="Moderators"))):
        made[name] = User.objects.create_user(f"{name}@example.com", "a long password")
        made[name].groups.add(group)
    return made


@pytest.fixture
def workflow(home_page: HomePage) -> Workflow:
    load_workflow()
    return Workflow.objects.get(workflow_pages__isnull=False)


def in_progress(thing: Any) -> WorkflowState:
    return WorkflowState.objects.for_instance(thing).get(status=WorkflowState.STATUS_IN_PROGRESS)


def decide(client: Any, subject: Subject, thing: Any, action: str) -> None:
    task = in_progress(thing).current_task_state
    response = client.post(subject.url("workflow_action", thing, action, task.pk), {"comment": "Looked at"})
    assert response.status_code in (200, 302)


def test_approval_publishes(
    subject: Subject, thing: Any, workflow: Workflow, people: dict[str, User], client: Any
) -> None:
    client.force_login(people["writer"])
    post(client, subject, thing, **{subject.field: AFTER, "action-submit": "1"})
    assert subject.read(thing) == BEFORE, "nobody has approved it"
    assert in_progress(thing).workflow == workflow
    assert [message.to for message in mail.outbox] == [["moderator@example.com"]]
    client.force_login(people["moderator"])
    decide(client, subject, thing, "approve")
    assert subject.read(thing) == AFTER


def test_rejection_leaves_a_draft(
    subject: Subject, thing: Any, workflow: Workflow, people: dict[str, User], client: Any
) -> None:
    client.force_login(people["writer"])
    post(client, subject, thing, **{subject.field: AFTER, "action-submit": "1"})
    client.force_login(people["moderator"])
    decide(client, subject, thing, "reject")
    assert subject.read(thing) == BEFORE
    state = WorkflowState.objects.for_instance(thing).get()
    assert state.status == WorkflowState.STATUS_NEEDS_CHANGES


def test_a_writer_cannot_publish(
    subject: Subject, thing: Any, workflow: Workflow, people: dict[str, User], client: Any
) -> None:
    client.force_login(people["writer"])
    post(client, subject, thing, **{subject.field: AFTER, "action-publish": "1"})
    assert subject.read(thing) == BEFORE


def test_every_kind_of_snippet_has_the_workflow(workflow: Workflow) -> None:
    for model in (Menu, Announcement, Brand):
        content_type = ContentType.objects.get_for_model(model)
        assert WorkflowContentType.objects.get(content_type=content_type).workflow == workflow


def test_a_menu_is_drafted_previewed_and_published(
    home_page: HomePage, admin_client: Any, django_capture_on_commit_callbacks: Any
) -> None:
    """Its words are blocks, which a browser fills in with scripts; so the revision is made here."""
    menu = MenuFactory(items=menu_items(link("Old link", url="/old/")))
    menu.save_revision().publish()
    site = Site.objects.get()
    menu.items = menu_items(link("New link", url="/new/"))
    draft = menu.save_revision()
    assert [item.label for item in get_chrome(site).header] == ["Old link"]
    names = Menu.snippet_viewset.url_namespace
    view = admin_client.get(reverse(f"{names}:revisions_view", args=[menu.pk, draft.pk]))
    assert "New link" in view.content.decode()
    compare = admin_client.get(reverse(f"{names}:revisions_compare", args=[menu.pk, "earliest", "latest"]))
    assert "New link" in compare.content.decode()
    assert "Old link" in compare.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        draft.publish()
    assert [item.label for item in get_chrome(site).header] == ["New link"]


def test_a_scheduled_menu_shows_once_its_time_has_come(
    home_page: HomePage, client: Any, django_capture_on_commit_callbacks: Any
) -> None:
    menu = MenuFactory(items=menu_items(link("Autumn", url="/autumn/")))
    menu.items = menu_items(link("Christmas", url="/christmas/"))
    menu.go_live_at = timezone.now() + timedelta(days=1)
    revision = menu.save_revision()
    revision.publish()
    assert ">Autumn<" in client.get("/").content.decode()
    passed = timezone.now() - timedelta(minutes=1)
    revision.refresh_from_db()
    revision.content["go_live_at"] = passed.isoformat()
    revision.approved_go_live_at = passed
    revision.save()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("publish_scheduled", verbosity=0)
    html = client.get("/").content.decode()
    assert ">Christmas<" in html
    assert ">Autumn<" not in html


@pytest.mark.parametrize("model", [Menu, Announcement, Brand])
def test_snippets_are_previewed_before_they_are_saved(model: Any, home_page: HomePage, admin_client: Any) -> None:
    values = {"Menu": {"location": "header"}, "Announcement": {"text": "Not saved"}, "Brand": {"name": "Not saved"}}
    names = model.snippet_viewset.url_namespace
    data = filled_form(
        admin_client, reverse(f"{names}:add"), model, "w-editor-form", slug="not-saved", **values[model.__name__]
    )
    preview = reverse(f"{names}:preview_on_add")
    assert admin_client.post(preview, data).json() == {"is_valid": True, "is_available": True}
    response = admin_client.get(preview)
    assert response.status_code == 200
    assert ("Header menu" if model is Menu else "Not saved") in response.content.decode()
    assert not model.objects.exists()


def test_an_old_draft_of_a_page_keeps_later_siblings(home_page: HomePage) -> None:
    """Publishing restores words, not the page's place in the tree."""
    page = ContentPageFactory(title=BEFORE)
    old = page.save_revision()
    other = ContentPageFactory(title="Help")
    ContentPage.objects.get(pk=page.pk).move(other, "last-child")
    Revision.objects.get(pk=old.pk).publish()
    assert ContentPage.objects.get(pk=page.pk).get_parent().pk == other.pk
    assert ContentPage.find_problems() == ([], [], [], [], [])
