"""``manage.py refresh_popularity``: sort products by what has sold lately."""

from typing import Any

from django.core.management.base import BaseCommand

from shop.orders.popularity import refresh_popularity


class Command(BaseCommand):
    help = "Bring the popularity of products (units sold in the last 90 days) up to date in listings."

    def handle(self, *args: Any, **options: Any) -> None:
        changed = refresh_popularity()
        if options["verbosity"] > 0:
            self.stdout.write(f"{changed} products changed")
