"""``manage.py tidy_catalogue``: what the catalogue leaves behind and nobody else picks up."""

from typing import Any

from django.core.management.base import BaseCommand

from shop.catalog import listing
from shop.catalog.facets.changes import forget_old_changes


class Command(BaseCommand):
    help = "Refresh prices whose date has come, and forget changes that every index of facets has read."

    def handle(self, *args: Any, **options: Any) -> None:
        refreshed, forgotten = listing.refresh_due(), forget_old_changes()
        if options["verbosity"] > 0:
            self.stdout.write(f"{refreshed} listing rows refreshed, {forgotten} old changes forgotten")
