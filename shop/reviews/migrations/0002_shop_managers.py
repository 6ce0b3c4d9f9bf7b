"""Shop managers read, publish, reject, answer and delete reviews. Editors write pages and have no part in it."""

from typing import Any

from django.db import migrations

GROUP = "Shop managers"


def allow(apps: Any, schema_editor: Any) -> None:
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    # Django creates permissions after the last migration: too late for a group that needs them.
    own_type, _ = ContentType.objects.get_or_create(app_label="reviews", model="review")
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    for action in ("view", "change", "delete"):
        permission, _ = Permission.objects.get_or_create(
            content_type=own_type, codename=f"{action}_review", defaults={"name": f"Can {action} review"}
        )
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(allow, migrations.RunPython.noop)]
