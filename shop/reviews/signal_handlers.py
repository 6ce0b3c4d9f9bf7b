"""A deleted review no longer counts, whichever way it was deleted: by staff, in bulk, or with its product."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete

from shop.catalog import listing
from shop.reviews.models import Review, Status


def review_deleted(instance: Review, **kwargs: Any) -> None:
    if instance.status == Status.APPROVED:
        transaction.on_commit(partial(listing.refresh, [instance.product_id]))


def register() -> None:
    """Connect, once."""
    post_delete.connect(review_deleted, sender=Review, dispatch_uid="reviews.review_deleted")
