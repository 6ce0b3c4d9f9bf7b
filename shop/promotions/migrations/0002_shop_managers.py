"""Shop managers make promotions and codes, and see them through."""

from typing import Any

from django.db import migrations

GROUP = "Shop managers"
WANTED = {
    "promotion": ("add", "change", "delete", "publish", "lock", "unlock"),
    "coupon": ("add", "change", "view"),
}


def allow(apps: Any, schema_editor: Any) -> None:
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    for model, actions in WANTED.items():
        # Django creates permissions after the last migration: too late for a group that needs them.
        own_type, _ = ContentType.objects.get_or_create(app_label="promotions", model=model)
        for action in actions:
            permission, _ = Permission.objects.get_or_create(
                content_type=own_type, codename=f"{action}_{model}", defaults={"name": f"Can {action} {model}"}
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("promotions", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(allow, migrations.RunPython.noop)]
