"""The row locks on promotions, always by primary key, after the order's and before those of stock."""

from shop.promotions.models import Promotion


def lock_out_uses(*, promotion_id: int) -> None:
    """Nobody else uses the promotion until the transaction ends: a new row that points at it has to wait."""
    Promotion.objects.select_for_update().filter(pk=promotion_id).values_list("pk").get()


def lock_counting(*, promotion_id: int) -> None:
    """Nobody begins to count its uses until the transaction ends; others may go on using it."""
    Promotion.objects.select_for_update(no_key=True).filter(pk=promotion_id).values_list("pk").get()
