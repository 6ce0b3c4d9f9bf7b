"""Whatever there is, is in the default location."""

from typing import Any

from django.db import migrations

BATCH = 1_000


def fill(apps: Any, schema_editor: Any) -> None:
    Location = apps.get_model("inventory", "StockLocation")
    Level = apps.get_model("inventory", "StockLevel")
    location, _ = Location.objects.get_or_create(is_default=True, defaults={"name": "Stock room", "code": "MAIN"})
    apps.get_model("inventory", "StockMovement").objects.filter(location=None).update(location=location)
    levels = []
    items = apps.get_model("inventory", "StockItem").objects.exclude(on_hand=0)
    for pk, on_hand in items.order_by("pk").values_list("pk", "on_hand").iterator(chunk_size=BATCH):
        levels.append(Level(item_id=pk, location=location, on_hand=on_hand))
        if len(levels) == BATCH:
            Level.objects.bulk_create(levels)
            levels = []
    Level.objects.bulk_create(levels)


class Migration(migrations.Migration):
    # A step of its own: PostgreSQL does not change a table with rows that this transaction has touched.
    dependencies = [("inventory", "0003_locations")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
