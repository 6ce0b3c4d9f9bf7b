"""What has to be asked anew when products, collections or the page of brands change. Connected in ``ready``."""

from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from shop.catalog.brands import forget_brand_index
from shop.catalog.collections import forget_collections
from shop.catalog.signals import products_changed


def register() -> None:
    """Connect everything, once."""
    products_changed.connect(forget_collections, dispatch_uid="catalog.collections")
    for signal in (page_published, page_unpublished, page_slug_changed, post_page_move):
        signal.connect(forget_brand_index, dispatch_uid=f"catalog.brand_index.{id(signal)}")
