"""The catalogue as rows of a table: in the shop's own columns, or in Shopify's."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.text import slugify
from wagtail.models import Page

from shop.imports.dialects.cornhill import ATTRIBUTE, COLUMNS, OPTION_NAME, OPTION_VALUE
from shop.imports.dialects.grouped import tag_cell
from shop.imports.dialects.shopify_columns import FACT_NAMESPACE
from shop.imports.exporting import catalogue
from shop.imports.exporting.catalogue import ExportedProduct, ExportedVariant
from shop.imports.spreadsheets import guard

Cells = list[str]

SHOPIFY_COLUMNS = [
    "Title",
    "URL handle",
    "Description",
    "Vendor",
    "Product category",
    "Type",
    "Tags",
    "Published on online store",
    "Status",
    "SKU",
    "Barcode",
    "Option1 name",
    "Option1 value",
    "Option2 name",
    "Option2 value",
    "Option3 name",
    "Option3 value",
    "Price",
    "Compare-at price",
    "Inventory tracker",
    "Inventory quantity",
    "Continue selling when out of stock",
    "Weight value (grams)",
    "Weight unit for display",
    "Product image URL",
    "Image position",
    "Image alt text",
    "Variant image URL",
    "SEO title",
    "SEO description",
]
SHOPIFY_OPTIONS = 3


class CornhillTable:
    """Everything that the shop knows of products and a file can say."""

    def __init__(self, scope: Page | None) -> None:
        self._scope = scope
        self._options, self._codes = catalogue.most_options(scope), catalogue.attribute_codes(scope)

    @property
    def headers(self) -> Cells:
        options = [text.format(n) for n in range(1, self._options + 1) for text in (OPTION_NAME, OPTION_VALUE)]
        return [*COLUMNS.values(), *options, *(ATTRIBUTE + code for code in self._codes)]

    def rows(self) -> Iterator[Cells]:
        for product in catalogue.exported(self._scope):
            words = self._words(product)
            for place, variant in enumerate(product.variants or [None]):
                cells = {"handle": product.path} if place else dict(words)
                cells |= self._variant(variant) if variant else {}
                yield self._line(cells)

    def _words(self, product: ExportedProduct) -> dict[str, str]:
        page = product.page
        words = {
            "handle": product.path,
            "title": page.title,
            "slug": page.slug,
            "category": " > ".join(title.replace(">", "\\>") for title in product.categories),
            "brand": product.brand,
            "summary": page.summary,
            "body": product.body,
            "facts": "\n".join(f"{_escaped(label)}: {value}" for label, value in product.facts),
            "tags": tag_cell(product.tags),
            "live": _yes(page.live),
            "seo_title": page.seo_title,
            "seo_description": page.search_description,
            "image": "\n".join(address for address, _ in product.pictures),
            "image_alt": "\n".join(alt for _, alt in product.pictures).rstrip("\n"),
        }
        stored = page.attributes if isinstance(page.attributes, dict) else {}
        return words | {ATTRIBUTE + code: _value(stored[code]) for code in self._codes if code in stored}

    def _variant(self, exported: ExportedVariant) -> dict[str, str]:
        variant = exported.variant
        cells = {
            "sku": variant.sku,
            "barcode": variant.barcode,
            "grams": "" if variant.weight is None else str(variant.weight),
            "price": exported.price,
            "compare_at": exported.compare_at,
            "quantity": "" if exported.stock is None else str(exported.stock),
            "counted": _yes(exported.stock is not None),
            "active": _yes(variant.active),
            "variant_image": exported.picture,
        }
        for number, (name, value) in enumerate(variant.options, 1):
            cells |= {OPTION_NAME.format(number): name, OPTION_VALUE.format(number): value}
        return cells

    def _line(self, cells: dict[str, str]) -> Cells:
        named = {COLUMNS.get(name, name): value for name, value in cells.items()}
        return [guard(named.get(header, "")) for header in self.headers]


class ShopifyTable:
    """Shopify's current columns; facts and attributes as metafields.

    At most three options: further ones are joined with the third. A product without variants is left out, as Shopify
    has none.
    """

    def __init__(self, scope: Page | None) -> None:
        self._scope = scope
        self._codes = catalogue.attribute_codes(scope)
        self._facts = _fact_columns(catalogue.fact_labels(scope))

    @property
    def headers(self) -> Cells:
        attributes = [f"{code} (product.metafields.custom.{code})" for code in self._codes]
        return [*SHOPIFY_COLUMNS, *attributes, *self._facts.values()]

    def rows(self) -> Iterator[Cells]:
        handles: set[str] = set()
        for product in catalogue.exported(self._scope):
            if not product.variants:
                continue
            handle = _unique(product.page.slug, product.path, handles)
            lines = self._lines(product)
            for cells in lines:
                yield [guard({**cells, "URL handle": handle}.get(header, "")) for header in self.headers]

    def _lines(self, product: ExportedProduct) -> list[dict[str, str]]:
        """Variants and pictures side by side, the product's words on the first line."""
        variants = [self._variant(variant) for variant in product.variants]
        pictures = [
            {"Product image URL": address, "Image position": str(place), "Image alt text": alt}
            for place, (address, alt) in enumerate(product.pictures, 1)
        ]
        length = max(len(variants), len(pictures), 1)
        lines: list[dict[str, str]] = [{} for _ in range(length)]
        for several in (variants, pictures):
            for line, cells in zip(lines, several, strict=False):
                line.update(cells)
        lines[0] |= self._words(product)
        return lines

    def _words(self, product: ExportedProduct) -> dict[str, str]:
        page = product.page
        words = {
            "Title": page.title,
            "Description": product.body,
            "Vendor": product.brand,
            "Product category": " > ".join(product.categories),
            "Tags": tag_cell(product.tags),
            "Published on online store": "TRUE" if page.live else "FALSE",
            "Status": "Active" if page.live else "Draft",
            "SEO title": page.seo_title,
            "SEO description": page.search_description,
        }
        stored = page.attributes if isinstance(page.attributes, dict) else {}
        for code in self._codes:
            words[f"{code} (product.metafields.custom.{code})"] = _value(stored[code]) if code in stored else ""
        seen: dict[str, int] = {}
        for label, value in product.facts:
            words[self._facts[label, seen.get(label, 0)]] = value
            seen[label] = seen.get(label, 0) + 1
        return words

    def _variant(self, exported: ExportedVariant) -> dict[str, str]:
        variant = exported.variant
        options = variant.options or [["Title", "Default Title"]]
        if len(options) > SHOPIFY_OPTIONS:
            rest = options[SHOPIFY_OPTIONS - 1 :]
            joined = [" / ".join(name for name, _ in rest), " / ".join(value for _, value in rest)]
            options = [*options[: SHOPIFY_OPTIONS - 1], joined]
        cells = {
            "SKU": variant.sku,
            "Barcode": variant.barcode,
            "Price": exported.price,
            "Compare-at price": exported.compare_at,
            "Inventory tracker": "" if exported.stock is None else "shopify",
            "Inventory quantity": "" if exported.stock is None else str(exported.stock),
            "Continue selling when out of stock": "CONTINUE" if exported.stock is None else "DENY",
            "Weight value (grams)": "" if variant.weight is None else str(variant.weight),
            "Weight unit for display": "" if variant.weight is None else "g",
            "Variant image URL": exported.picture,
        }
        for number, (name, value) in enumerate(options, 1):
            cells |= {f"Option{number} name": name, f"Option{number} value": value}
        return cells


Table = CornhillTable | ShopifyTable
TABLES: dict[str, type[CornhillTable] | type[ShopifyTable]] = {"cornhill": CornhillTable, "shopify": ShopifyTable}


def _fact_columns(labels: dict[str, int]) -> dict[tuple[str, int], str]:
    """Label and how many of that name come before -> header; every header differs from every other."""
    columns: dict[tuple[str, int], str] = {}
    keys: set[str] = set()
    for label, number in labels.items():
        for place in range(number):
            key = _unique(slugify(label).replace("-", "_") or "fact", label, keys)
            columns[label, place] = f"{label} (product.metafields.{FACT_NAMESPACE}.{key})"
    return columns


def _unique(wanted: str, longer: str, taken: set[str]) -> str:
    """``wanted``, else a form of ``longer``, else a numbered one, that is not taken; takes it."""
    candidates: Sequence[str] = (wanted, slugify(longer.replace("/", "-"), allow_unicode=True) or wanted)
    free = next((name for name in candidates if name not in taken), "")
    number = 2
    while not free:
        free = numbered if (numbered := f"{wanted}_{number}") not in taken else ""
        number += 1
    taken.add(free)
    return free


def _escaped(label: str) -> str:
    return label.replace("\\", "\\\\").replace(":", "\\:")


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _value(value: Any) -> str:
    """A stored attribute as ``clean_value`` reads it."""
    if isinstance(value, bool):
        return _yes(value)
    if isinstance(value, list):
        return " | ".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value)
