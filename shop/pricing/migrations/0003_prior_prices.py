"""The lowest price before each reduction, also for prices that are there already, and sales that end."""

from itertools import groupby
from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def settle_all(apps: Any, schema_editor: Any) -> None:
    """Only reductions need it: a shop with a long history is not read twice."""
    from shop.pricing.prior import settle

    Price = apps.get_model("pricing", "Price")
    reduced = Price.objects.filter(compare_at__isnull=False).values("variant")
    rows = Price.objects.filter(variant__in=reduced).order_by("variant", "valid_from", "pk")
    for _, found in groupby(rows.iterator(), key=lambda row: row.variant_id):
        history = list(found)
        Price.objects.bulk_update(settle(history, since=history[0].valid_from), ["lowest_before"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("pricing", "0002_shop_managers")]

    operations = [
        migrations.AddField(
            model_name="price",
            name="ends",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="ended_by",
                to="pricing.price",
            ),
        ),
        migrations.AddField(
            model_name="price",
            name="lowest_before",
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.RunPython(settle_all, migrations.RunPython.noop),
    ]
