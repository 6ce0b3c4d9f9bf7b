"""Remembering who wants to know."""

from django.db import IntegrityError, transaction

from shop.catalog.models import Variant
from shop.stock_alerts.models import StockAlert


def ask(*, variant: Variant, email: str) -> None:
    """Promise one letter to an address when the variant is back. Promising it twice sends it once."""
    try:
        with transaction.atomic():
            StockAlert.objects.get_or_create(sku=variant.sku, email=email.strip().lower())
    except IntegrityError:
        # The same click twice at once: the other one has stored it.
        return


def forget(*, email: str) -> int:
    """Delete everything known of an address; gives how many rows there were."""
    count, _ = StockAlert.objects.filter(email=email.strip().lower()).delete()
    return count
