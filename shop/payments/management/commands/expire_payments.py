"""``manage.py expire_payments``: the sweeper of payments."""

from typing import Any

from django.core.management.base import BaseCommand

from shop.payments import reconcile, services


class Command(BaseCommand):
    help = (
        "Cancels orders whose buyer never finished paying (their stock goes back), finds out about payments that a "
        "crash left half done, and has owed refunds paid. Run it every few minutes; it may be run at any time."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for payment in reconcile.expire_payments():
            self.stdout.write(f"{payment.order.number}: {payment.get_status_display()}")
        for refund in services.settle_refunds():
            number = refund.payment.order.number
            self.stdout.write(f"{number}: {refund.amount_text} {refund.get_status_display().lower()}")
