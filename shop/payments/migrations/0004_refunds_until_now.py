"""What was refunded, or owed, before refunds had rows of their own gets one."""

from typing import Any

from django.db import migrations
from django.utils import timezone


def give_rows(apps: Any, schema_editor: Any) -> None:
    payments = apps.get_model("payments", "Payment").objects.filter(captured__gt=0)
    refunds = apps.get_model("payments", "Refund").objects
    for payment in payments.filter(status="refunded", refunded__gt=0, refunds=None).iterator():
        refunds.create(payment=payment, amount=payment.refunded, status="settled", closed_at=timezone.now())
    for payment in payments.filter(status="refund_due", refunded=0, refunds=None).iterator():
        refunds.create(payment=payment, amount=payment.captured, status="requested")
        payment.refunding = payment.captured
        payment.save(update_fields=["refunding"])


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_refunds")]

    operations = [migrations.RunPython(give_rows, migrations.RunPython.noop)]
