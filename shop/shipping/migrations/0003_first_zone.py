"""The one delivery charge becomes a zone, with one way of delivery; shop managers look after both."""

from typing import Any

from django.db import migrations

# What a shop that had not saved the old settings was charging.
LABEL, FLAT_RATE, FREE_FROM = "Standard delivery", 395, 5000
# The only country that the shop delivered to.
COUNTRY, NAME = "GB", "United Kingdom"


def move(apps: Any, schema_editor: Any) -> None:
    old = apps.get_model("shipping", "ShippingSettings").objects
    saved = old.filter(site__is_default_site=True).first() or old.first()
    label, price, free = (saved.label, saved.flat_rate, saved.free_from) if saved else (LABEL, FLAT_RATE, FREE_FROM)
    zone = apps.get_model("shipping", "ShippingZone").objects.create(name=NAME, countries=[COUNTRY])
    apps.get_model("shipping", "DeliveryMethod").objects.create(
        zone=zone,
        kind="flat" if free is None else "free-from",
        label=label,
        arguments={"price": price} if free is None else {"price": price, "free_from": free},
    )


def allow(apps: Any, schema_editor: Any) -> None:
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name="Shop managers")
    for model, verbose in (("shippingzone", "delivery zone"), ("deliverymethod", "way of delivery")):
        # Django creates permissions after the last migration: too late for a group that needs them.
        content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
            app_label="shipping", model=model
        )
        for action in ("add", "change", "delete", "view"):
            permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
                content_type=content_type, codename=f"{action}_{model}", defaults={"name": f"Can {action} {verbose}"}
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("shipping", "0002_zones_and_methods"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.RunPython(allow, migrations.RunPython.noop),
    ]
