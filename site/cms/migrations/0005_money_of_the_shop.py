"""Country, currency and tax of the shop are for shop managers: they decide what everything costs."""

from typing import Any

from django.db import migrations

GROUP = "Shop managers"
WANTED = {
    "change_shopsettings": "Can change shop settings",
    "change_shop_money": "Can change country, currency and tax of the shop",
}


def allow(apps: Any, schema_editor: Any) -> None:
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    # Django creates permissions after the last migration: too late for a group that needs them.
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="cms", model="shopsettings"
    )
    for codename, name in WANTED.items():
        permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": name}
        )
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0004_prices_and_tax"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="shopsettings",
            options={
                "permissions": [("change_shop_money", "Can change country, currency and tax of the shop")],
                "verbose_name": "shop settings",
                "verbose_name_plural": "shop settings",
            },
        ),
        migrations.RunPython(allow, migrations.RunPython.noop),
    ]
