"""Shop managers import products."""

from typing import Any

from django.db import migrations

GROUP = "Shop managers"
ACTIONS = ("add", "change", "view")


def grant(apps: Any, schema_editor: Any) -> None:
    # Django creates permissions after the last migration: too late for a group that needs them.
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="imports", model="importrun"
    )
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    for action in ACTIONS:
        permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=content_type,
            codename=f"{action}_importrun",
            defaults={"name": f"Can {action} product import"},
        )
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0004_who_applied"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
