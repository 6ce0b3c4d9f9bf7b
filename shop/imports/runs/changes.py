"""What a plan would change, field by field: to be shown, to be compared again before it happens, to be taken back."""

import json
from collections.abc import Iterator
from typing import Any

from django.utils.html import strip_tags

from shop.imports.drafts import VariantDraft
from shop.imports.planning import Creation, Update
from shop.money import format_money

# {"field", "sku" (empty for the product itself), "old", "new"}: plain JSON.
Change = dict[str, Any]

LABELS = {
    "body": "Description",
    "seo_title": "Search title",
    "search_description": "Search description",
    "details": "Facts",
    "variant": "Variant",
    "sku": "SKU",
    "active": "On sale",
    "weight": "Weight (g)",
}
# Level of a SKU that has no stock record.
NO_RECORD = ""
SHOWN_MOST = 400


def of_creation(creation: Creation, currency: str) -> list[Change]:
    """Everything that a new product brings."""
    draft = creation.draft
    values: dict[str, Any] = {
        "title": draft.title,
        "category": list(creation.category) or None,
        "brand": draft.brand,
        "summary": draft.summary,
        "body": draft.body,
        "details": draft.details,
        "attributes": draft.attributes,
        "tags": draft.tags,
        "seo_title": draft.seo_title,
        "search_description": draft.seo_description,
        "live": draft.live is not False,
        "pictures": [address for address, _ in draft.pictures or []],
    }
    found = [_change(name, None, value) for name, value in values.items() if value or value is False]
    return _plain(found + [_change("variant", None, _variant(item, currency), item.sku) for item in draft.variants])


def of_update(update: Update, currency: str) -> list[Change]:
    """What becomes different about a product of the shop, with what it was."""
    found = [_change(name, _current(update, name), value) for name, value in update.fields.items()]
    if update.pictures:
        found.append(_change("pictures", None, [address for address, _ in update.pictures]))
    found += [_change("variant", None, _variant(item, currency), item.sku) for item in update.new_variants]
    renamed = {}
    for variant, changes in update.changed_variants:
        renamed[changes.get("sku", variant.sku)] = variant.sku
        found += [_change(name, getattr(variant, name), value, variant.sku) for name, value in changes.items()]
    for variant, amount, compare_at in update.prices:
        quote = update.quotes.get(variant.pk)
        old = [quote.amount, quote.compare_at, quote.currency] if quote else None
        found.append(_change("price", old, [amount, compare_at, currency], variant.sku))
    for sku, level in update.stock.items():
        found.append(_change("stock", update.levels.get(renamed.get(sku, sku), NO_RECORD), level, sku))
    found += [_change("picture", None, address, sku) for sku, address in update.variant_pictures.items()]
    return _plain(found)


def shown(changes: list[Change]) -> Iterator[dict[str, str]]:
    """Changes in words: name of the field, SKU, old and new value."""
    for change in changes:
        field = change["field"]
        yield {
            "label": LABELS.get(field, field.replace("_", " ").capitalize()),
            "sku": change["sku"],
            "old": text(field, change["old"]),
            "new": text(field, change["new"]),
        }


def text(field: str, value: Any) -> str:
    """A value of a change as a person reads it."""
    if field == "stock":
        return "not counted" if value is None else str(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _cut(_words(field, value))


def _words(field: str, value: Any) -> str:
    if field == "price":
        amount, compare_at, currency = value
        return format_money(amount, currency) + (f" (was {format_money(compare_at, currency)})" if compare_at else "")
    if field == "details":
        pairs = [(one["value"]["label"], one["value"]["value"]) if isinstance(one, dict) else one for one in value]
        return "; ".join(f"{label}: {fact}" for label, fact in pairs)
    if field == "options":
        return ", ".join(f"{name}: {option}" for name, option in value)
    if field == "category":
        return " > ".join(value)
    if field == "variant":
        return "; ".join(f"{name}: {one}" for name, one in value.items() if one not in ("", None))
    if field == "body":
        return strip_tags(value.replace("><", "> <"))
    if isinstance(value, dict):
        return "; ".join(f"{name}: {one}" for name, one in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _cut(words: str) -> str:
    return words if len(words) <= SHOWN_MOST else words[:SHOWN_MOST].rstrip() + "…"


def _change(field: str, old: Any, new: Any, sku: str = "") -> Change:
    return {"field": field, "sku": sku, "old": old, "new": new}


def _variant(item: VariantDraft, currency: str) -> dict[str, Any]:
    price = "" if item.price is None else text("price", [item.price, item.compare_at, currency])
    return {
        "options": ", ".join(f"{name}: {value}" for name, value in item.options),
        "price": price,
        "stock": item.quantity if item.tracked is not False else "not counted",
        "weight": item.weight,
        "barcode": item.barcode or "",
    }


def _current(update: Update, name: str) -> Any:
    page = update.page
    if name == "brand":
        return page.brand.name if page.brand else ""
    if name == "details":
        return list(page.details.raw_data)
    return update.tags if name == "tags" else getattr(page, name)


def _plain(changes: list[Change]) -> list[Change]:
    """As they come back from the database: tuples are lists there."""
    plain: list[Change] = json.loads(json.dumps(changes))
    return plain
