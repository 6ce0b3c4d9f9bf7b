"""Shop managers look after locations as well; editors may look at stock, not touch it."""

from typing import Any

from django.db import migrations


def allow(apps: Any, group: str, model: str, verbose: str, actions: tuple[str, ...]) -> None:
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="inventory", model=model
    )
    granted, _ = apps.get_model("auth", "Group").objects.get_or_create(name=group)
    for action in actions:
        permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=content_type, codename=f"{action}_{model}", defaults={"name": f"Can {action} {verbose}"}
        )
        granted.permissions.add(permission)


def grant(apps: Any, schema_editor: Any) -> None:
    # Django creates permissions after the last migration: too late for a group that needs them.
    allow(apps, "Shop managers", "stocklocation", "stock location", ("add", "change", "view"))
    allow(apps, "Editors", "stockmovement", "stock movement", ("view",))


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0005_every_movement_has_a_place"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
