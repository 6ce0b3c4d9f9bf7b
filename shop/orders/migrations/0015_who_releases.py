"""Shop managers may release orders that are held."""

from typing import Any

from django.db import migrations


def grant(apps: Any, schema_editor: Any) -> None:
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="orders", model="order"
    )
    # Django creates permissions after the last migration: too late for a group that needs them.
    permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type,
        codename="release_order",
        defaults={"name": "Can release orders that are held to be looked at"},
    )
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name="Shop managers")
    group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("orders", "0014_held"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
