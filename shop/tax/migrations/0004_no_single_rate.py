"""The old rate goes: classes and dated rates have taken its place."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tax", "0003_first_rates")]

    operations = [
        migrations.RemoveField(model_name="taxsettings", name="label"),
        migrations.RemoveField(model_name="taxsettings", name="rate"),
    ]
