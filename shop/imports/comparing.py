"""Field by field: what the file says, and what the shop has."""

from collections.abc import Collection
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from shop.catalog.models import ProductPage, Variant
from shop.catalog.offers import Quote
from shop.imports.drafts import ProductDraft, VariantDraft
from shop.imports.markup import clean

# Field of a draft -> field of the page.
PAGE_FIELDS = {
    "title": "title",
    "body": "body",
    "seo_title": "seo_title",
    "seo_description": "search_description",
    "summary": "summary",
    "live": "live",
}


def content_changes(
    page: ProductPage, draft: ProductDraft, wanted: Collection[str], tags: Collection[str] = ()
) -> dict[str, Any]:
    """Fields of the page that differ from what the file says, of those in ``wanted``. The brand is given by name.

    ``tags`` are those that the page has. Attributes of which the file says nothing are kept.
    """
    changes: dict[str, Any] = {}
    for name, field in PAGE_FIELDS.items():
        value = getattr(draft, name)
        if name in wanted and value is not None and _current(page, field) != value:
            changes[field] = value
    if "brand" in wanted and draft.brand is not None:
        current = page.brand.name if page.brand else ""
        if current.casefold() != draft.brand.casefold():
            changes["brand"] = draft.brand
    if "details" in wanted and draft.details is not None:
        facts = [(block["value"]["label"], block["value"]["value"]) for block in page.details.raw_data]
        same = facts == draft.details if draft.facts_in_order else sorted(facts) == sorted(draft.details)
        if not same:
            changes["details"] = detail_blocks(draft.details)
    if "attributes" in wanted and draft.attributes is not None:
        stored = page.attributes if isinstance(page.attributes, dict) else {}
        if any(stored.get(code) != value for code, value in draft.attributes.items()):
            changes["attributes"] = {**stored, **draft.attributes}
    if "tags" in wanted and draft.tags is not None and {*map(str.casefold, tags)} != {*map(str.casefold, draft.tags)}:
        changes["tags"] = draft.tags
    return changes


def _current(page: ProductPage, field: str) -> Any:
    """The page's value as a file would say it: the editor adds its own marks to each paragraph."""
    value = getattr(page, field)
    return clean(value).html if field == "body" else value


def detail_blocks(facts: Collection[tuple[str, str]]) -> list[dict[str, Any]]:
    """Facts as the page's ``details`` stores them, with ids that are the same every time."""
    return [
        {
            "type": "detail",
            "value": {"label": label, "value": value},
            "id": str(uuid5(NAMESPACE_URL, f"fact:{position}:{label}")),
        }
        for position, (label, value) in enumerate(facts)
    ]


def variant_changes(variant: Variant, item: VariantDraft) -> dict[str, Any]:
    """Options, barcode and weight that differ; what the file leaves empty stays."""
    changes: dict[str, Any] = {}
    if variant.options != item.options:
        changes["options"] = item.options
    if item.barcode is not None and variant.barcode != item.barcode:
        changes["barcode"] = item.barcode
    if item.weight is not None and variant.weight != item.weight:
        changes["weight"] = item.weight
    if item.active is not None and variant.active != item.active:
        changes["active"] = item.active
    return changes


def price_change(item: VariantDraft, quote: Quote | None, currency: str) -> tuple[int, int | None] | None:
    """The amount and compare-at price to set, or None where the shop has them. An empty price changes nothing."""
    if item.price is None:
        return None
    compare_at = item.compare_at
    if not item.compare_at_known and quote and quote.compare_at and quote.compare_at > item.price:
        compare_at = quote.compare_at
    if quote and (quote.amount, quote.compare_at, quote.currency) == (item.price, compare_at, currency):
        return None
    return item.price, compare_at


def stock_level(item: VariantDraft, level: int | None, *, known: bool) -> tuple[bool, int | None]:
    """Whether stock has to be set, and to what: units on hand, or None for "not counted"."""
    if item.tracked is False:
        wanted: int | None = None
    elif item.quantity is not None:
        wanted = item.quantity
    elif item.tracked and level is None:
        wanted = 0  # counted from now on, and the file knows of none
    else:
        return False, None
    return not known or wanted != level, wanted


def opening_level(item: VariantDraft) -> int | None:
    """Stock of a new variant: a file that says nothing of stock means that nobody counts."""
    if item.tracked is None and item.quantity is None:
        return None
    return (item.quantity or 0) if item.tracked is not False else None
