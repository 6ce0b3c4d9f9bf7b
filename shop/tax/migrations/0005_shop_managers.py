"""Shop managers say how the shop goes about tax, as they look after its classes and rates."""

from typing import Any

from django.db import migrations


def allow(apps: Any, schema_editor: Any) -> None:
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name="Shop managers")
    # Django creates permissions after the last migration: too late for a group that needs them.
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="tax", model="taxsettings"
    )
    permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename="change_taxsettings", defaults={"name": "Can change tax"}
    )
    group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("tax", "0004_no_single_rate"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(allow, migrations.RunPython.noop)]
