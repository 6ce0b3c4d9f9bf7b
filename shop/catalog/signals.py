"""What the catalogue tells rooms above.

``products_changed`` is sent after the transaction in which anything changed that listings, facets or search show of
products: ``product_ids`` names them, also those that are gone or no longer public. Receivers run in the process that
changed them; they must be quick or hand on to a task, and may be called for the same product any number of times.
"""

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.dispatch import Signal

products_changed = Signal()
# A longer list of changed products is not written down for facets: they are counted anew.
NAMED_MOST = 2_000


def announce(product_ids: Iterable[int], *, tree: bool = False) -> None:
    """Write the change down for facets, and send ``products_changed`` once this transaction is committed.

    ``tree`` says that categories were renamed, moved, published or taken away. A receiver that fails is logged and
    stops neither the others nor the request that changed the products.
    """
    from shop.catalog.models import CatalogueChange, ListingRow

    ids = sorted(set(product_ids))
    if ids or tree:
        CatalogueChange.objects.create(products=ids if len(ids) <= NAMED_MOST else None, tree=tree)
    if ids:
        transaction.on_commit(partial(products_changed.send_robust, sender=ListingRow, product_ids=ids))
