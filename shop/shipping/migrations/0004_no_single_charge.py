"""The old settings go: zones and ways of delivery have taken their place."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shipping", "0003_first_zone")]

    operations = [migrations.DeleteModel(name="ShippingSettings")]
