"""Editors and moderators define attributes and product types, as they do brands."""

from typing import Any

from django.db import migrations

GROUPS = ("Editors", "Moderators")
MODELS = {"attribute": "attribute", "producttype": "product type"}
ACTIONS = ("add", "change", "delete", "view")


def grant(apps: Any, schema_editor: Any) -> None:
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    for name in GROUPS:
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        for model, words in MODELS.items():
            content_type, _ = ContentType.objects.get_or_create(app_label="catalog", model=model)
            for action in ACTIONS:
                permission, _ = Permission.objects.get_or_create(
                    content_type=content_type, codename=f"{action}_{model}", defaults={"name": f"Can {action} {words}"}
                )
                group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0004_bundles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0002_initial_data"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
