"""The one rate becomes a class with a rate of the shop's country; the tax's name moves to the shop settings."""

from datetime import UTC, datetime
from typing import Any

from django.db import migrations

# Before any order of this shop.
SINCE = datetime(2000, 1, 1, tzinfo=UTC)
CLASSES = (("standard", "Standard rate", True), ("reduced", "Reduced rate", False), ("zero", "Zero rate", False))
# In per ten thousand, as they stand in the United Kingdom; the standard one is what the shop has charged.
BRITISH = {"reduced": 500, "zero": 0}
STANDARD = 2000


def move(apps: Any, schema_editor: Any) -> None:
    old = apps.get_model("tax", "TaxSettings").objects
    saved = old.filter(site__is_default_site=True).first() or old.first()
    shops = apps.get_model("cms", "ShopSettings").objects
    shop = shops.filter(site__is_default_site=True).first() or shops.first()
    country = shop.country if shop else "GB"
    rates = {**(BRITISH if country == "GB" else {"zero": 0}), "standard": saved.rate if saved else STANDARD}
    for code, name, default in CLASSES:
        made = apps.get_model("tax", "TaxClass").objects.create(code=code, name=name, is_default=default)
        if code in rates:
            apps.get_model("tax", "TaxRate").objects.create(
                tax_class=made, country=country, rate=rates[code], valid_from=SINCE
            )
    if saved and saved.label != "VAT":
        # A shop whose other settings nobody has saved yet has no row.
        shops.update_or_create(site_id=saved.site_id, defaults={"tax_label": saved.label})


def allow(apps: Any, schema_editor: Any) -> None:
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name="Shop managers")
    granted = {
        ("taxclass", "tax class"): ("add", "change", "view"),
        ("taxrate", "tax rate"): ("add", "view"),
        ("varianttaxclass", "tax class of a variant"): ("change",),
    }
    for (model, verbose), actions in granted.items():
        # Django creates permissions after the last migration: too late for a group that needs them.
        content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
            app_label="tax", model=model
        )
        for action in actions:
            permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
                content_type=content_type, codename=f"{action}_{model}", defaults={"name": f"Can {action} {verbose}"}
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("tax", "0002_classes_and_rates"),
        ("cms", "0004_prices_and_tax"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.RunPython(allow, migrations.RunPython.noop),
    ]
