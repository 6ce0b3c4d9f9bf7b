"""Whoever has an account before there was a sign-up was entered by staff: their address counts as confirmed."""

from django.db import migrations


def confirm(apps, schema_editor):
    User = apps.get_model("accounts", "User")
    EmailAddress = apps.get_model("account", "EmailAddress")
    known = EmailAddress.objects.values("user_id")
    batch = []
    for pk, email in User.objects.exclude(pk__in=known).values_list("pk", "email").iterator(chunk_size=1000):
        batch.append(EmailAddress(user_id=pk, email=email, verified=True, primary=True))
        if len(batch) == 1000:
            EmailAddress.objects.bulk_create(batch)
            batch = []
    EmailAddress.objects.bulk_create(batch)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [migrations.RunPython(confirm, migrations.RunPython.noop)]
