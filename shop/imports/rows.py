"""Rows of the catalogue made from drafts."""

import json
from typing import Any

from shop.catalog.models import Brand, ProductPage, Variant
from shop.imports.comparing import detail_blocks
from shop.imports.drafts import ProductDraft, VariantDraft


def new_page(draft: ProductDraft, slug: str, brand: Brand | None, *, publish: bool) -> ProductPage:
    live = publish and draft.live is not False
    return ProductPage(
        title=draft.title or "",
        slug=slug,
        body=draft.body or "",
        brand=brand,
        details=json.dumps(detail_blocks(draft.details or [])),
        seo_title=draft.seo_title or "",
        search_description=draft.seo_description or "",
        summary=draft.summary or "",
        attributes=draft.attributes or {},
        live=live,
        has_unpublished_changes=not live,
    )


def stored(name: str, value: Any, brands: dict[str, Brand]) -> Any:
    """A planned value as the page's field takes it."""
    if name == "brand":
        return brands.get(value.casefold())
    return json.dumps(value) if name == "details" else value


def new_variant(item: VariantDraft, page: ProductPage, position: int) -> Variant:
    return Variant(
        product_id=page.pk,
        sku=item.sku,
        options=item.options,
        barcode=item.barcode or "",
        weight=item.weight,
        position=position,
        active=item.active is not False,
    )


def set_state(page: ProductPage, *, changed_live: bool, now: Any) -> None:
    """The fields that go with being live, as publishing and unpublishing in the admin leave them."""
    if page.live:
        page.first_published_at = page.first_published_at or now
        page.last_published_at = now
    if changed_live:
        page.has_unpublished_changes = not page.live
        if not page.live:
            page.live_revision = None
