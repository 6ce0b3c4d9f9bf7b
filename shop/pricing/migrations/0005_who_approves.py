"""Shop managers propose prices and approve each other's; editors may look."""

from typing import Any

from django.db import migrations

MANAGERS, EDITORS = "Shop managers", "Editors"
WORKFLOW = "Price approval"


def allow(apps: Any, group: str, model: str, verbose: str, actions: tuple[str, ...]) -> None:
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="pricing", model=model
    )
    granted, _ = apps.get_model("auth", "Group").objects.get_or_create(name=group)
    for action in actions:
        permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=content_type, codename=f"{action}_{model}", defaults={"name": f"Can {action} {verbose}"}
        )
        granted.permissions.add(permission)


def grant(apps: Any, schema_editor: Any) -> None:
    # Django creates permissions after the last migration: too late for a group that needs them.
    allow(apps, MANAGERS, "priceproposal", "price proposal", ("add", "change", "publish", "view"))
    allow(apps, MANAGERS, "variantcost", "cost price", ("change", "view"))
    allow(apps, EDITORS, "priceproposal", "price proposal", ("view",))
    allow(apps, EDITORS, "price", "price", ("view",))


def make_workflow(apps: Any, schema_editor: Any) -> None:
    types = apps.get_model("contenttypes", "ContentType").objects
    proposal, _ = types.get_or_create(app_label="pricing", model="priceproposal")
    task_type, _ = types.get_or_create(app_label="pricing", model="priceapprovaltask")
    assigned = apps.get_model("wagtailcore", "WorkflowContentType").objects
    if assigned.filter(content_type=proposal).exists():
        return
    task = apps.get_model("pricing", "PriceApprovalTask").objects.create(name=WORKFLOW, content_type=task_type)
    task.groups.add(apps.get_model("auth", "Group").objects.get(name=MANAGERS))
    workflow = apps.get_model("wagtailcore", "Workflow").objects.create(name=WORKFLOW)
    # By id: the historical classes of a task and its kind do not know each other.
    apps.get_model("wagtailcore", "WorkflowTask").objects.create(workflow_id=workflow.pk, task_id=task.pk, sort_order=0)
    assigned.create(content_type=proposal, workflow_id=workflow.pk)


class Migration(migrations.Migration):
    dependencies = [
        ("pricing", "0004_proposals"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(grant, migrations.RunPython.noop),
        migrations.RunPython(make_workflow, migrations.RunPython.noop),
    ]
