"""What keeps the search's documents in step. Connected in ``SearchConfig.ready``.

Products are named by the catalogue (``products_changed``), whatever changed of them. Other pages say it here.
"""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published, page_unpublished, post_page_move

from search import services, tasks
from search.indexing import BATCH
from search.models import SynonymSet
from search.rules import forget_synonyms
from search.sources import PRODUCTS, page_sections, sources
from shop.catalog.models import Brand, ProductPage
from shop.catalog.signals import products_changed


def products_differ(product_ids: list[int], **kwargs: Any) -> None:
    """Sent after the commit."""
    for start in range(0, len(product_ids), BATCH):
        tasks.index_products.enqueue(product_ids[start : start + BATCH])


def page_saved(instance: Page, created: bool, **kwargs: Any) -> None:
    """A page that is made live without being published: by an import, or by code."""
    if created and instance.live and not kwargs.get("raw"):
        transaction.on_commit(partial(tasks.index_pages.enqueue, [instance.pk]))


def page_changed(instance: Page, **kwargs: Any) -> None:
    """Published or unpublished, and with it perhaps what is below."""
    if isinstance(instance.specific_deferred, ProductPage):
        return
    transaction.on_commit(partial(tasks.index_below.enqueue, instance.path))


def page_moved(instance: Page, **kwargs: Any) -> None:
    """It and what is below are in other categories now."""
    page_changed(Page.objects.get(pk=instance.pk))


def page_deleted(instance: Page, **kwargs: Any) -> None:
    """At once, within the same transaction: an id may be given to another page later."""
    services.forget_pages(page_ids=[instance.pk])


def restriction_changed(instance: PageViewRestriction, **kwargs: Any) -> None:
    """A part of the tree became private or public."""
    transaction.on_commit(partial(tasks.index_below.enqueue, instance.page.path))


def brand_changed(instance: Brand, **kwargs: Any) -> None:
    """Also one that was deleted."""
    if not kwargs.get("raw"):
        transaction.on_commit(partial(tasks.index_brands.enqueue, [instance.pk]))


def synonyms_changed(**kwargs: Any) -> None:
    """Saved or deleted."""
    forget_synonyms()


def register() -> None:
    """Connect everything, once."""
    receivers: list[tuple[Any, type[Model] | None, Any]] = [
        (page_published, None, page_changed),
        (page_unpublished, None, page_changed),
        (post_page_move, None, page_moved),
        (post_save, PageViewRestriction, restriction_changed),
        (post_delete, PageViewRestriction, restriction_changed),
        (post_save, Brand, brand_changed),
        (post_delete, Brand, brand_changed),
        (post_save, SynonymSet, synonyms_changed),
        (post_delete, SynonymSet, synonyms_changed),
    ]
    for model in page_sections().values():
        receivers += [(post_save, model, page_saved), (post_delete, model, page_deleted)]
    if PRODUCTS in (found := sources()):
        receivers.append((post_delete, found[PRODUCTS], page_deleted))
    for signal, sender, receiver in receivers:
        name = f"search.{receiver.__name__}.{sender.__name__ if sender else 'any'}"
        signal.connect(receiver, sender=sender, dispatch_uid=name)
    products_changed.connect(products_differ, dispatch_uid="search.products_differ")
