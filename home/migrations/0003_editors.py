"""What Wagtail's two groups may do: Editors write and publish content, Moderators also approve it.

A migration, so that it happens once: what an administrator changes in the groups afterwards stays. Rooms with models
of their own for the admin (orders, for example) grant those in their own migrations.
"""

from typing import Any

from django.db import migrations

GROUPS = ("Editors", "Moderators")
EVERYTHING = ("add", "change", "delete", "publish", "view")
CONTENT = {
    ("cms", "menu"): ("change", "publish", "view"),
    ("cms", "announcement"): EVERYTHING,
    ("catalog", "brand"): EVERYTHING,
    ("cms", "shopsettings"): ("change",),
}
# Moderators can also take a lock that somebody else has forgotten.
MODERATION = {("cms", "menu"): ("lock", "unlock"), ("cms", "announcement"): ("lock", "unlock")}
PAGES = {"Editors": ("add_page", "change_page", "publish_page"), "Moderators": ("unlock_page", "lock_page")}


def grant(apps: Any, group: Any, wanted: dict[tuple[str, str], tuple[str, ...]]) -> None:
    """Give a group model permissions, making those that Django would only make after all migrations."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    for (app_label, model), actions in wanted.items():
        content_type, _ = ContentType.objects.get_or_create(app_label=app_label, model=model)
        for action in actions:
            permission, _ = Permission.objects.get_or_create(
                content_type=content_type, codename=f"{action}_{model}", defaults={"name": f"Can {action} {model}"}
            )
            group.permissions.add(permission)


def grant_pages(apps: Any, group: Any, codenames: tuple[str, ...]) -> None:
    """Give a group page permissions on the whole tree."""
    root = apps.get_model("wagtailcore", "Page").objects.filter(depth=1).first()
    if root is None:
        return
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="wagtailcore", model="page"
    )
    for codename in codenames:
        permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": f"Can {codename.replace('_', ' ')}"}
        )
        apps.get_model("wagtailcore", "GroupPagePermission").objects.get_or_create(
            group=group, page_id=root.pk, permission=permission
        )


def grant_all(apps: Any, schema_editor: Any) -> None:
    for name in GROUPS:
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        grant(apps, group, CONTENT)
        grant_pages(apps, group, PAGES[name])
        if name == "Moderators":
            grant(apps, group, MODERATION)


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0002_site_root"),
        ("cms", "0001_initial"),
        ("catalog", "__first__"),
        ("wagtailadmin", "__first__"),
        ("wagtailimages", "__first__"),
        ("wagtaildocs", "__first__"),
    ]

    operations = [migrations.RunPython(grant_all, migrations.RunPython.noop)]
