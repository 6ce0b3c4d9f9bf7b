"""Encrypt what orders placed before this release have stored. In batches of their own, so that the shop may run."""

from django.db import migrations

from cms.rotation import rotate


def encrypt(apps, schema_editor):
    for _ in rotate(apps.get_model("orders", "Order")):
        pass


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("orders", "0010_encrypted_addresses")]

    operations = [migrations.RunPython(encrypt, migrations.RunPython.noop)]
