"""The only row locks of prices: who sets a price holds its variant, in primary-key order."""

from collections.abc import Collection

from shop.catalog.models import Variant
from shop.catalog.offers import BATCH


def lock_priced(variant_ids: Collection[int]) -> dict[int, str]:
    """Lock these variants until the transaction ends; gives their SKUs. Variants that are gone are left out.

    ``lowest_before`` and the end of a sale follow from other rows, so two changes of one price must not overlap.
    """
    ordered = sorted(set(variant_ids))
    found: dict[int, str] = {}
    for start in range(0, len(ordered), BATCH):
        rows = Variant.objects.select_for_update().filter(pk__in=ordered[start : start + BATCH]).order_by("pk")
        found |= dict(rows.values_list("pk", "sku"))
    return found
