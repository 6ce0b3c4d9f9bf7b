"""What follows from written pages, for many at once: search index, reference index, listing, history, revisions."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision
from wagtail.search.backends import get_search_backends

from shop.catalog import postgres_index
from shop.catalog.models import Brand, ProductPage
from shop.catalog.offers import BATCH
from shop.catalog.search_words import SearchWords, in_database

logger = logging.getLogger(__name__)

# Search documents handed over at once.
INDEX_BATCH = 500


def index_for_search(model: type[models.Model], objects: Sequence[models.Model]) -> None:
    """Add or refresh these objects in every search backend that follows changes."""
    for backend in get_search_backends(with_auto_update=True):
        for start in range(0, len(objects), INDEX_BATCH):
            batch: Sequence[Any] = objects[start : start + INDEX_BATCH]
            if in_database(backend):
                batch = [SearchWords(obj) for obj in batch]
            try:
                if postgres_index.writes(backend):
                    postgres_index.add(backend, model, batch)
                else:
                    backend.add_bulk(model, batch)
            except Exception:
                # A search server that is down must not cost the shop its products; the nightly rebuild mends it.
                # The database is different: after an error there its transaction is lost anyway.
                logger.exception("The search index did not take %s objects.", len(objects))
                if not backend.catch_indexing_errors:
                    raise


def index_references(products: Sequence[ProductPage]) -> None:
    """Tell Wagtail which brand each product names, and that its words refer to nothing else.

    Only for products whose body has no links to pages, images or documents, as is so for everything from outside.
    """
    own, page, brand = (ContentType.objects.get_for_model(model) for model in (ProductPage, Page, Brand))
    ids = [str(product.pk) for product in products]
    for start in range(0, len(ids), BATCH):
        rows = ReferenceIndex.objects.filter(base_content_type=page, object_id__in=ids[start : start + BATCH])
        rows.filter(models.Q(model_path="brand") | models.Q(model_path__startswith="body.")).delete()
    ReferenceIndex.objects.bulk_create(
        [
            ReferenceIndex(
                content_type=own,
                base_content_type=page,
                object_id=str(product.pk),
                to_content_type=brand,
                to_object_id=str(product.brand_id),
                model_path="brand",
                content_path="brand",
                content_path_hash=ReferenceIndex._get_content_path_hash("brand"),
            )
            for product in products
            if product.brand_id
        ],
        batch_size=BATCH,
    )


def log_pages(pages: Sequence[Page], *, action: str, user: Any = None, data: Mapping[str, Any] | None = None) -> None:
    """One line in the history of each page. ``action`` must be registered with Wagtail."""
    now = timezone.now()
    PageLogEntry.objects.bulk_create(
        [
            PageLogEntry(
                page=page,
                content_type_id=page.content_type_id,
                label=page.title,
                action=action,
                timestamp=now,
                uuid=uuid4(),  # the admin shows one line for each
                revision_id=page.latest_revision_id,
                user=user,
                data=dict(data or {}),
                content_changed=page.latest_revision_id is not None,
            )
            for page in pages
        ],
        batch_size=BATCH,
    )


def publish_revisions(pages: Sequence[Page], *, user: Any = None) -> None:
    """Give each of these changed pages a published revision of what it is now, in memory and in the database.

    For pages that have revisions: the editor opens the latest one, and must find there what is live.
    """
    now = timezone.now()
    base = ContentType.objects.get_for_model(Page)
    for page in pages:
        page.latest_revision_created_at, page.has_unpublished_changes = now, False
    revisions = Revision.objects.bulk_create(
        [
            Revision(
                content_type_id=page.content_type_id,
                base_content_type=base,
                object_id=str(page.pk),
                created_at=now,
                user=user,
                object_str=str(page),
                content=page.serializable_data(),
            )
            for page in pages
        ],
        batch_size=100,
    )
    for page, revision in zip(pages, revisions, strict=True):
        page.latest_revision = revision
        page.live_revision = revision if page.live else None
