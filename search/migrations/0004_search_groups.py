"""Editors, moderators and shop managers steer the search and read what was asked."""

from typing import Any

from django.db import migrations

GROUPS = ("Editors", "Moderators", "Shop managers")
MODELS = {
    "synonymset": ("synonyms", ("add", "change", "delete", "view")),
    "queryrule": ("search rule", ("add", "change", "delete", "view")),
    "loggedquery": ("search query", ("change", "view")),
}


def grant(apps: Any, schema_editor: Any) -> None:
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    for name in GROUPS:
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        for model, (words, actions) in MODELS.items():
            content_type, _ = ContentType.objects.get_or_create(app_label="search", model=model)
            for action in actions:
                permission, _ = Permission.objects.get_or_create(
                    content_type=content_type, codename=f"{action}_{model}", defaults={"name": f"Can {action} {words}"}
                )
                group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0003_rules_and_log"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0002_initial_data"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
