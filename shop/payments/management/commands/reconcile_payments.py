"""``manage.py reconcile_payments``: the shop asks, where nobody told it."""

from typing import Any

from django.core.management.base import BaseCommand

from shop.payments import reconcile


class Command(BaseCommand):
    help = (
        "Asks the payment companies about every payment that is not final, so that no lost message leaves an order "
        "without its money. Run it every half minute; it may be run at any time."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for payment in reconcile.reconcile_payments():
            self.stdout.write(f"{payment.order.number}: {payment.get_status_display()}")
