"""The search's settings, and who may change them."""

from typing import Any

from django.db import migrations, models

GROUPS = ("Editors", "Moderators", "Shop managers")


def grant(apps: Any, schema_editor: Any) -> None:
    # Django creates permissions after the last migration: too late for groups that need them.
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="search", model="searchsettings"
    )
    permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename="change_searchsettings", defaults={"name": "Can change search"}
    )
    for name in GROUPS:
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0007_small_indexes"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "suggest_queries",
                    models.BooleanField(
                        default=True,
                        help_text="Shoppers who begin to type are offered what at least three others have asked. "
                        "Single queries are switched off under Search, Past queries.",
                        verbose_name="suggest what others have asked",
                    ),
                ),
            ],
            options={"verbose_name": "search", "verbose_name_plural": "search"},
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
