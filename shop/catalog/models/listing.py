"""The narrow row that listings read."""

from django.db import models


class ListingRow(models.Model):
    """What a product's card needs beside its page's title and address, refreshed when any of it changes.

    A cache that can be rebuilt at any time (``manage.py rebuild_listing``), never a source of truth. Prices are in
    minor units, the lowest of the product's sellable variants; all are null where nothing has a price.
    """

    product = models.OneToOneField(
        "catalog.ProductPage", on_delete=models.CASCADE, primary_key=True, related_name="listing"
    )
    price = models.BigIntegerField(null=True)
    price_highest = models.BigIntegerField(null=True)
    compare_at = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    available = models.BooleanField(default=False)
    # The next moment at which a dated price takes over; the row is refreshed by whoever reads it after that.
    stale_at = models.DateTimeField(null=True, db_index=True)
    # {"alt": str, "sources": [[url, width], ...], "width": int, "height": int}, or {} without a picture.
    thumbnail = models.JSONField(default=dict)
    # What rooms above know; see ``shop/catalog/listing_facts.py``. Units sold lately; hundredths of a star (100 to 500)
    # and the number of public reviews behind it; whether something is left, but not much.
    popularity = models.BigIntegerField(default=0)
    rating = models.PositiveSmallIntegerField(null=True)
    reviews = models.PositiveIntegerField(default=0)
    low_stock = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["price"], name="listing_price"),
            models.Index(fields=["available"], name="listing_available"),
        ]
