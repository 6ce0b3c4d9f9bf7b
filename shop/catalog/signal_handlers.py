"""What keeps listing rows in step with pictures. Prices, stock and variants say it themselves, in their services.

Title, address, brand and whether a page is live are read from the page itself, so moving or unpublishing needs nothing.
Connected in ``CatalogConfig.ready``.
"""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.db.models.signals import post_delete, post_save
from wagtail.signals import page_published

from cms.models import CustomImage
from cms.uploads import uploads_wait
from shop.catalog import listing
from shop.catalog.models import ProductImage, ProductPage
from shop.catalog.tasks import render_thumbnails


def product_created(instance: ProductPage, created: bool, **kwargs: Any) -> None:
    """A new page, also one that was copied: it has a row from the start."""
    if created and not kwargs.get("raw"):
        transaction.on_commit(partial(listing.refresh, [instance.pk]))


def product_published(instance: ProductPage, **kwargs: Any) -> None:
    """Its pictures may be others now."""
    transaction.on_commit(partial(listing.refresh, [instance.pk]))


def picture_deleted(instance: ProductImage, origin: Any = None, **kwargs: Any) -> None:
    """An image was deleted from the library, and with it the pictures that showed it."""
    model = origin.model if isinstance(origin, QuerySet) else type(origin)
    if issubclass(model, CustomImage):
        transaction.on_commit(partial(listing.refresh, [instance.page_id]))


def image_changed(instance: CustomImage, created: bool, **kwargs: Any) -> None:
    """Another file, focal point or description."""
    if created or kwargs.get("raw") or uploads_wait():
        return
    products = list(ProductImage.objects.filter(image=instance).values_list("page_id", flat=True).distinct())
    if products:
        transaction.on_commit(partial(render_thumbnails.enqueue, products))


def register() -> None:
    """Connect everything, once."""
    receivers: list[tuple[Any, type[Model], Any]] = [
        (post_save, ProductPage, product_created),
        (page_published, ProductPage, product_published),
        (post_delete, ProductImage, picture_deleted),
        (post_save, CustomImage, image_changed),
    ]
    for signal, sender, receiver in receivers:
        signal.connect(receiver, sender=sender, dispatch_uid=f"catalog.{receiver.__name__}")
