"""The only row locks on variants, always in primary-key order."""

from shop.catalog.models import Variant


def lock_variants(product_id: int) -> list[Variant]:
    """Lock all variants of a product until the transaction ends; in their order of display."""
    locked = Variant.objects.select_for_update().filter(product=product_id).order_by("pk")
    return sorted(locked, key=lambda variant: (variant.position, variant.pk))
