"""What a plan brings beside words, money and stock: tags, drafts of pages, and pictures to be had later."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from taggit.models import Tag
from wagtail.models import Page, Revision

from shop.catalog.models import Brand, ProductPage
from shop.catalog.models.tag import ProductTag
from shop.catalog.offers import BATCH
from shop.imports.drafts import Picture, ProductDraft, digest
from shop.imports.models import WantedPicture
from shop.imports.planning import Plan, Update
from shop.imports.rows import stored

# What a new draft changes of the page's own row.
DRAFT_COLUMNS = ["draft_title", "latest_revision", "latest_revision_created_at", "has_unpublished_changes"]


def set_tags(wanted: Sequence[tuple[int, Sequence[str]]]) -> None:
    """Give each of these products exactly these tags; tags are the same whatever their case."""
    names = list(dict.fromkeys(name for _, tags in wanted for name in tags))
    tags = _ensure_tags(names)
    pairs = {(product, tags[name.casefold()]) for product, several in wanted for name in several}
    products = [product for product, _ in wanted]
    for start in range(0, len(products), BATCH):
        rows = ProductTag.objects.filter(content_object__in=products[start : start + BATCH])
        found = {(product, tag): pk for pk, product, tag in rows.values_list("pk", "content_object", "tag")}
        ProductTag.objects.filter(pk__in=[pk for pair, pk in found.items() if pair not in pairs]).delete()
        pairs -= set(found)
    ProductTag.objects.bulk_create(
        [ProductTag(content_object_id=product, tag_id=tag) for product, tag in sorted(pairs)], batch_size=BATCH
    )


def _ensure_tags(names: Iterable[str]) -> dict[str, int]:
    """Ids of tags by folded name; those that do not exist are made."""
    wanted = {name.casefold(): name for name in reversed(list(names))}
    if not wanted:
        return {}
    found: dict[str, int] = {}
    given = list(wanted.values())
    for start in range(0, len(given), BATCH):
        batch = given[start : start + BATCH]
        found |= {name.casefold(): pk for name, pk in Tag.objects.filter(name__in=batch).values_list("name", "pk")}
    for folded, name in wanted.items():
        if folded not in found:
            same = Tag.objects.filter(name__iexact=name).first()
            found[folded] = (same or Tag.objects.create(name=name)).pk
    return found


def save_drafts(updates: Sequence[Update], brands: dict[str, Brand], *, user: Any) -> None:
    """Put the new words of these pages into a draft of each; what visitors see stays as it is."""
    now = timezone.now()
    base = ContentType.objects.get_for_model(Page)
    revisions = []
    pages = [update.page for update in updates]
    for update in updates:
        draft = ProductPage.objects.get(pk=update.page.pk)  # a second one: the first keeps the words that are live
        for name, value in update.fields.items():
            if name == "tags":
                draft.tags.set(value)
            elif name != "live":
                setattr(draft, name, stored(name, value, brands))
        draft.draft_title = update.page.draft_title = draft.title
        draft.has_unpublished_changes = update.page.has_unpublished_changes = True
        draft.latest_revision_created_at = update.page.latest_revision_created_at = now
        revisions.append(
            Revision(
                content_type_id=draft.content_type_id,
                base_content_type=base,
                object_id=str(draft.pk),
                created_at=now,
                user=user,
                object_str=str(draft),
                content=draft.serializable_data(),
            )
        )
    for page, revision in zip(pages, Revision.objects.bulk_create(revisions, batch_size=100), strict=True):
        page.latest_revision = revision
    ProductPage.objects.bulk_update(pages, DRAFT_COLUMNS, batch_size=100)


def want_pictures(plan: Plan, pages: Sequence[ProductPage]) -> None:
    """Note which pictures are to be had; the same one twice is noted once."""
    rows: dict[tuple[int, str, str], WantedPicture] = {}
    for creation, page in zip(plan.creations, pages, strict=True):
        draft = creation.draft
        variants = {item.sku: item.picture for item in draft.variants if item.picture}
        _note(rows, page.pk, draft, draft.pictures or [], variants)
    for update in plan.updates:
        _note(rows, update.page.pk, update.draft, update.pictures, update.variant_pictures)
    WantedPicture.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["product", "sku", "address_digest"],
        update_fields=["state", "alt", "position", "attempts"],
        batch_size=BATCH,
    )


def _note(
    rows: dict[tuple[int, str, str], WantedPicture],
    product: int,
    draft: ProductDraft,
    pictures: Sequence[Picture],
    variants: Mapping[str, str],
) -> None:
    wanted = [("", address, alt) for address, alt in pictures]
    wanted += [(sku, address, draft.title or "") for sku, address in variants.items()]
    for position, (sku, address, alt) in enumerate(wanted):
        name = digest(address)
        rows[product, sku, name] = WantedPicture(
            product_id=product, sku=sku, address=address, address_digest=name, alt=alt[:255], position=position
        )
