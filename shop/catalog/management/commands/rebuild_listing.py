"""``manage.py rebuild_listing``: recompute what product cards show."""

from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand

from shop.catalog import listing
from shop.catalog.models import ProductPage


class Command(BaseCommand):
    help = "Recompute the listing rows of all products: prices, availability and pictures of their cards."

    def handle(self, *args: Any, **options: Any) -> None:
        ids = list(ProductPage.objects.order_by("pk").values_list("pk", flat=True))
        begun = monotonic()
        for start in range(0, len(ids), listing.BATCH):
            listing.refresh(ids[start : start + listing.BATCH])
            done = min(start + listing.BATCH, len(ids))
            if options["verbosity"] > 0 and done < len(ids):
                self.stdout.write(f"{done} of {len(ids)} products", ending="\r")
                self.stdout.flush()
        if options["verbosity"] > 0:
            self.stdout.write(f"{len(ids)} products in {monotonic() - begun:.1f} s")
