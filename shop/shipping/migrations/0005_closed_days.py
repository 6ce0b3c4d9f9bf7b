"""Days without parcels, and the right of shop managers to look after them."""

from typing import Any

from django.db import migrations, models


def allow(apps: Any, schema_editor: Any) -> None:
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name="Shop managers")
    # Django creates permissions after the last migration: too late for a group that needs them.
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="shipping", model="closedday"
    )
    for action in ("add", "change", "delete", "view"):
        permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=content_type,
            codename=f"{action}_closedday",
            defaults={"name": f"Can {action} day without parcels"},
        )
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("shipping", "0004_no_single_charge"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClosedDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(error_messages={"unique": "This day is in the list already."}, unique=True)),
                ("name", models.CharField(blank=True, help_text="For staff: Christmas Day.", max_length=60)),
            ],
            options={
                "verbose_name": "day without parcels",
                "verbose_name_plural": "days without parcels",
                "ordering": ["day"],
            },
        ),
        migrations.RunPython(allow, migrations.RunPython.noop),
    ]
