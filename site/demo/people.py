"""Who can log in to the demo, and how content is approved."""

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowContentType, WorkflowPage, WorkflowTask

from cms.models import Announcement, Menu
from shop.accounts.models import User
from shop.accounts.services import vouch_for_address
from shop.catalog.models import Brand

# Printed by ``make demo``: it opens a demo on one's own machine, nothing else.
PASSWORD = "ipswich-demo"  # noqa: S105
ADMIN = "admin@ipswich-retail.example"
EDITOR = "editor@ipswich-retail.example"
PACKER = "packer@ipswich-retail.example"
# In a small shop whoever writes the words also sets the prices and looks after the orders.
EDITORS_GROUPS = ("Editors", "Shop managers")
PACKERS_GROUPS = ("Fulfilment",)
PRICE_WORKFLOW = "Price approval"
MODERATED_SNIPPETS = (Menu, Announcement, Brand)


def load_people() -> None:
    """An administrator, an editor and somebody who packs. Whoever exists keeps name, password and groups."""
    if not User.objects.filter(email=ADMIN).exists():
        User.objects.create_superuser(ADMIN, PASSWORD, first_name="Nell", last_name="Garrod")
    if not User.objects.filter(email=EDITOR).exists():
        editor = User.objects.create_user(EDITOR, PASSWORD, first_name="Tom", last_name="Sayer")
        vouch_for_address(user=editor)
        editor.groups.add(*(Group.objects.get_or_create(name=name)[0] for name in EDITORS_GROUPS))
    if not User.objects.filter(email=PACKER).exists():
        packer = User.objects.create_user(PACKER, PASSWORD, first_name="Ida", last_name="Fenn")
        vouch_for_address(user=packer)
        packer.groups.add(*(Group.objects.get_or_create(name=name)[0] for name in PACKERS_GROUPS))


def load_workflow() -> None:
    """Wagtail's workflow of one approval, on every page and on every snippet that can have one."""
    # Not one of those that are for something else, as prices have.
    for_words = Workflow.objects.filter(active=True).exclude(name=PRICE_WORKFLOW)
    workflow = for_words.order_by("pk").first() or _new_workflow()
    root = Page.objects.filter(depth=1).order_by("pk").first()
    if root is not None:
        WorkflowPage.objects.get_or_create(page=root, defaults={"workflow": workflow})
    for model in MODERATED_SNIPPETS:
        content_type = ContentType.objects.get_for_model(model)
        WorkflowContentType.objects.get_or_create(content_type=content_type, defaults={"workflow": workflow})


def _new_workflow() -> Workflow:
    workflow = Workflow.objects.create(name="Moderators approval")
    task = GroupApprovalTask.objects.create(name="Moderators approval")
    task.groups.add(Group.objects.get_or_create(name="Moderators")[0])
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    return workflow
