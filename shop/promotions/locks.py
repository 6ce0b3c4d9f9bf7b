"""The row locks on promotions, always by primary key, after the order's and before those of counters and stock.

Uses that need no counting go side by side; beginning to count, and giving back, waits for them and they for it. None of
the locks stands in the way of foreign keys, which PostgreSQL checks, and locks for, only at the end of a transaction.
"""

from django.db import connection

from shop.promotions.models import Promotion


def lock_for_counting(*, promotion_id: int) -> None:
    """Nobody else uses the promotion until the transaction ends."""
    list(Promotion.objects.select_for_update(no_key=True).filter(pk=promotion_id).values_list("pk"))


def lock_for_use(*, promotion_id: int) -> None:
    """Nobody begins to count its uses until the transaction ends; others may go on using it.

    Django has no word for ``FOR SHARE``. On SQLite the transaction alone writes anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM promotions_promotion WHERE id = %s FOR SHARE", [promotion_id])
