"""A group for those who look after orders: they enter the admin, see orders and move them on."""

from django.db import migrations

GROUP = "Order desk"


def create_group(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    # Django creates permissions after the last migration: too late for a group that needs them.
    order_type, _ = ContentType.objects.get_or_create(app_label="orders", model="order")
    permissions = [
        Permission.objects.get_or_create(
            content_type=order_type, codename=f"{action}_order", defaults={"name": f"Can {action} order"}
        )[0]
        for action in ("view", "change")
    ]
    admin_type, _ = ContentType.objects.get_or_create(app_label="wagtailadmin", model="admin")
    access, _ = Permission.objects.get_or_create(
        content_type=admin_type, codename="access_admin", defaults={"name": "Can access Wagtail admin"}
    )
    group, _ = Group.objects.get_or_create(name=GROUP)
    group.permissions.add(access, *permissions)


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
    ]

    operations = [migrations.RunPython(create_group, migrations.RunPython.noop)]
