"""The group that looks after stock: it enters the admin, sees and changes stock. Editors write and publish pages."""

from typing import Any

from django.db import migrations

GROUP = "Shop managers"


def create_group(apps: Any, schema_editor: Any) -> None:
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    # Django creates permissions after the last migration: too late for a group that needs them.
    own_type, _ = ContentType.objects.get_or_create(app_label="inventory", model="stockmovement")
    admin_type, _ = ContentType.objects.get_or_create(app_label="wagtailadmin", model="admin")
    wanted = [(own_type, f"{action}_stockmovement", f"Can {action} stock movement") for action in ("add", "view")]
    wanted.append((admin_type, "access_admin", "Can access Wagtail admin"))
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    for content_type, codename, name in wanted:
        permission, _ = Permission.objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": name}
        )
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
    ]

    operations = [migrations.RunPython(create_group, migrations.RunPython.noop)]
