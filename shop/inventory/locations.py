"""Several places for stock: moving units between them, opening and closing them."""

from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from shop.inventory.errors import StockError
from shop.inventory.levels import Movements, levels_of
from shop.inventory.locks import locked_item
from shop.inventory.models import StockItem, StockLevel, StockLocation, StockMovement
from shop.inventory.notices import refresh_listing, sellable_changed

NAMED_MOST = 5


@transaction.atomic
def transfer(
    *, sku: str, quantity: int, source: StockLocation, target: StockLocation, reason: str = "", user: Any = None
) -> StockItem:
    """Units change their place; the ledger gets a line for each end.

    Raises StockError where there are not as many, or where they are promised to orders and would go to a place from
    which nothing is sold.
    """
    if quantity < 1:
        raise StockError(f"{sku}: the quantity must be at least 1, not {quantity}.")
    if source.pk == target.pk:
        raise StockError("Choose two different locations.")
    item = locked_item(sku)
    there = levels_of([item.pk]).get(item.pk, {}).get(source.pk, 0)
    if there < quantity:
        raise StockError(f"There are only {there} of {sku} at {source}.")
    asleep = quantity * (source.active - target.active)
    if item.tracked and item.can_sell < asleep:
        raise StockError(f"{item.reserved} of {sku} are reserved for open orders, and nothing is sold from {target}.")
    if asleep:
        item.unavailable += asleep
        item.save(update_fields=["unavailable", "updated_at"])
    movements = Movements(StockMovement.Kind.TRANSFER, reason=reason, user=user)
    movements.add(item, [(source.pk, -quantity), (target.pk, quantity)])
    movements.write()
    sellable_changed({sku: -asleep})
    return item


@transaction.atomic
def set_active(*, location: StockLocation, active: bool) -> None:
    """Sell from a location, or no longer. Raises StockError for the default one, and where its units are promised."""
    if location.is_default and not active:
        raise StockError("The default location is always active: make another one the default first.")
    stored = StockLocation.objects.select_for_update().get(pk=location.pk)
    location.active = active
    if stored.active == active:
        return
    levels = StockLevel.objects.filter(location=location).exclude(on_hand=0)
    items = list(
        StockItem.objects.select_for_update().filter(levels__in=levels).order_by("pk").values_list("sku", flat=True)
    )
    if not active:
        _refuse_promised(location, levels)
    here = Subquery(levels.filter(item=OuterRef("pk")).values("on_hand")[:1])
    change = F("unavailable") - here if active else F("unavailable") + here
    StockItem.objects.filter(levels__in=levels).update(unavailable=change, updated_at=timezone.now())
    StockLocation.objects.filter(pk=location.pk).update(active=active)
    refresh_listing(items)


def check_closing(*, location: StockLocation) -> None:
    """Raises StockError where nothing could be sold from a location any more although its units are promised."""
    if location.is_default:
        raise StockError("The default location is always active: make another one the default first.")
    _refuse_promised(location, StockLevel.objects.filter(location=location).exclude(on_hand=0))


def _refuse_promised(location: StockLocation, levels: Any) -> None:
    left = F("item__on_hand") + F("item__backorder_limit") - F("item__unavailable") - F("item__reserved") - F("on_hand")
    short = levels.filter(item__tracked=True).annotate(left=left).filter(left__lt=0)
    skus = list(short.order_by("item__sku").values_list("item__sku", flat=True)[: NAMED_MOST + 1])
    if skus:
        more = " and others" if len(skus) > NAMED_MOST else ""
        raise StockError(
            f"Units at {location} are reserved for open orders: {', '.join(skus[:NAMED_MOST])}{more}. "
            "Transfer them, or wait until the orders are paid."
        )


@transaction.atomic
def make_default(*, location: StockLocation) -> None:
    """Units without a place come here from now on, and sales take from here first. Raises StockError if not active."""
    if not location.active:
        raise StockError("A location that is not active cannot be the default.")
    StockLocation.objects.filter(is_default=True).exclude(pk=location.pk).update(is_default=False)
    StockLocation.objects.filter(pk=location.pk).update(is_default=True)
    location.is_default = True
