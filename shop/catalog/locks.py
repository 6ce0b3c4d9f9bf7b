"""The only row locks on variants and on the page tree, always in primary-key order."""

from collections.abc import Collection

from wagtail.models import Page

from shop.catalog.models import Variant
from shop.catalog.offers import BATCH


def lock_variants(product_id: int) -> list[Variant]:
    """Lock all variants of a product until the transaction ends; in their order of display."""
    locked = Variant.objects.select_for_update().filter(product=product_id).order_by("pk")
    return sorted(locked, key=lambda variant: (variant.position, variant.pk))


def lock_pages(ids: Collection[int]) -> dict[int, Page]:
    """Lock these pages until the transaction ends, and read them as they are then. Pages that are gone are left out."""
    ordered = sorted(ids)
    locked: dict[int, Page] = {}
    for start in range(0, len(ordered), BATCH):
        rows = Page.objects.select_for_update().filter(pk__in=ordered[start : start + BATCH]).order_by("pk")
        locked |= {page.pk: page for page in rows}
    return locked
