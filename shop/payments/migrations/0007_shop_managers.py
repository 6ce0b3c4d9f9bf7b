"""Shop managers see what was paid, what went back and what payment companies said, and choose the ways to pay."""

from typing import Any

from django.db import migrations

GROUP = "Shop managers"
WANTED = ("view_payment", "view_refund", "view_providerevent", "change_paymentsettings")


def allow(apps: Any, schema_editor: Any) -> None:
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    for codename in WANTED:
        # Django creates permissions after the last migration: too late for a group that needs them.
        own_type, _ = ContentType.objects.get_or_create(app_label="payments", model=codename.partition("_")[2])
        permission, _ = Permission.objects.get_or_create(
            content_type=own_type, codename=codename, defaults={"name": f"Can {codename.replace('_', ' ')}"}
        )
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0006_ways_to_pay"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(allow, migrations.RunPython.noop)]
