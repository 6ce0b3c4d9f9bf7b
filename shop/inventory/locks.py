"""The only row locks on stock. Always taken in primary-key order, so that two buyers never wait for each other."""

from collections.abc import Collection

from shop.catalog.offers import BATCH
from shop.inventory.models import StockItem


def lock_items(skus: Collection[str]) -> dict[str, StockItem]:
    """Lock the stock records of these SKUs until the transaction ends; unknown SKUs are left out."""
    names = list(skus)
    ids: list[int] = []
    for start in range(0, len(names), BATCH):
        ids += StockItem.objects.filter(sku__in=names[start : start + BATCH]).values_list("pk", flat=True)
    ids.sort()
    locked: dict[str, StockItem] = {}
    for start in range(0, len(ids), BATCH):
        rows = StockItem.objects.select_for_update().filter(pk__in=ids[start : start + BATCH]).order_by("pk")
        locked |= {item.sku: item for item in rows}
    return locked


def locked_item(sku: str) -> StockItem:
    """The stock record of a SKU, locked; a SKU without one gets it."""
    StockItem.objects.get_or_create(sku=sku)
    return lock_items([sku])[sku]
