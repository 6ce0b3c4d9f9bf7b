"""What keeps listing rows in step with pictures, and tells of products that were published, moved or deleted.

Prices, stock and variants refresh the rows themselves, in their services. Title, address, brand and whether a page is
live are read from the page itself, so that moving or unpublishing changes no row; but facets and search want to know.
Connected in ``CatalogConfig.ready``.
"""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.db.models.signals import post_delete, post_save
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from cms.models import CustomImage
from cms.uploads import uploads_wait
from shop.catalog import listing
from shop.catalog.attributes import forget_definitions
from shop.catalog.models import (
    Attribute,
    AttributeChoice,
    Brand,
    CategoryPage,
    ProductImage,
    ProductPage,
    ProductType,
    TypeAttribute,
)
from shop.catalog.signals import announce
from shop.catalog.tasks import render_thumbnails

# Models that say what attributes there are.
DEFINING: tuple[type[Model], ...] = (Attribute, AttributeChoice, ProductType, TypeAttribute)


def product_saved(instance: ProductPage, created: bool, **kwargs: Any) -> None:
    """A new page, also one that was copied, has a row from the start. Saving a draft touches only a few columns."""
    if kwargs.get("raw"):
        return
    if created:
        transaction.on_commit(partial(listing.refresh, [instance.pk]))
    elif kwargs.get("update_fields") is None:
        announce([instance.pk])


def product_published(instance: ProductPage, **kwargs: Any) -> None:
    """Its pictures may be others now, and its words."""
    transaction.on_commit(partial(listing.refresh, [instance.pk]))
    announce([instance.pk])


def product_deleted(instance: ProductPage, **kwargs: Any) -> None:
    """It is in no listing any more."""
    announce([instance.pk])


def branch_changed(instance: Page, **kwargs: Any) -> None:
    """A page went live or not, or another way round: with a category go its name and all products below it."""
    if isinstance(instance.specific_deferred, ProductPage):
        announce([instance.pk])
        return
    forget_definitions()
    # Afterwards: nobody may read the products with what was remembered of the tree before.
    transaction.on_commit(partial(_announce_branch, instance.path))


def page_moved(instance: Page, **kwargs: Any) -> None:
    """The products below it are in other categories now."""
    branch_changed(Page.objects.get(pk=instance.pk))


def restriction_changed(instance: PageViewRestriction, **kwargs: Any) -> None:
    """Products below a page became private or public."""
    transaction.on_commit(partial(_announce_branch, instance.page.path))


def brand_changed(instance: Brand, **kwargs: Any) -> None:
    """Its name, or whether it is shown at all."""
    if not kwargs.get("created"):
        announce(ProductPage.objects.filter(brand=instance.pk).values_list("pk", flat=True))


def category_saved(instance: CategoryPage, **kwargs: Any) -> None:
    """It may have another name, or name another product type."""
    if kwargs.get("update_fields") is None and not kwargs.get("raw"):
        forget_definitions()
        announce((), tree=True)


def category_deleted(instance: CategoryPage, **kwargs: Any) -> None:
    """It is no part of the shop any more."""
    forget_definitions()
    announce((), tree=True)


def definitions_changed(**kwargs: Any) -> None:
    """What attributes there are, or what they are called. Saving one saves all its choices: it is told once."""
    forget_definitions()
    connection = transaction.get_connection()
    if not any(func is _announce_described for _, func, *_ in connection.run_on_commit):
        transaction.on_commit(_announce_described)


def _announce_described() -> None:
    announce(ProductPage.objects.exclude(attributes={}).values_list("pk", flat=True))


def _announce_branch(path: str) -> None:
    announce(_below(path), tree=True)


def _below(path: str) -> list[int]:
    """The products at a path and below it, and those that the categories there list as well."""
    own = ProductPage.objects.filter(path__startswith=path).values_list("pk", flat=True)
    further = ProductPage.further_categories.through.objects.filter(categorypage__path__startswith=path)
    return [*own, *further.values_list("productpage_id", flat=True)]


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
    receivers: list[tuple[Any, type[Model] | None, Any]] = [
        (post_save, ProductPage, product_saved),
        (post_delete, ProductPage, product_deleted),
        (page_published, ProductPage, product_published),
        (page_published, CategoryPage, branch_changed),
        (page_unpublished, None, branch_changed),
        (page_slug_changed, None, branch_changed),
        (post_page_move, None, page_moved),
        (post_save, PageViewRestriction, restriction_changed),
        (post_delete, PageViewRestriction, restriction_changed),
        (post_save, Brand, brand_changed),
        (post_delete, ProductImage, picture_deleted),
        (post_save, CustomImage, image_changed),
        (post_save, CategoryPage, category_saved),
        (post_delete, CategoryPage, category_deleted),
        *((signal, model, definitions_changed) for signal in (post_save, post_delete) for model in DEFINING),
    ]
    for signal, sender, receiver in receivers:
        name = f"catalog.{receiver.__name__}.{sender.__name__ if sender else 'any'}"
        signal.connect(receiver, sender=sender, dispatch_uid=name)
