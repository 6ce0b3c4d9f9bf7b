"""``manage.py send_stock_alerts``: writes to those who wait for what is back."""

from typing import Any

from django.core.management.base import BaseCommand

from shop.stock_alerts import letters


class Command(BaseCommand):
    help = "Write to the people who wait for what is back in stock, and forget the addresses that are done with."

    def handle(self, *args: Any, **options: Any) -> None:
        sent, left = letters.send_due()
        forgotten = letters.prune()
        self.stdout.write(f"{sent} letters sent, {left} left for the next round; {forgotten} old requests forgotten.")
