"""A choice that nothing ever looked at: no letter went out by it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_log_out_everywhere"),
    ]

    operations = [
        migrations.RemoveField(model_name="user", name="wants_newsletter"),
    ]
