"""Shopify's product CSV: rows of one handle, one after the other, are one product.

The first row carries the product's words; each row may carry a variant, a picture, or both. A file without handles
(or a row without one) goes by its title: rows with an empty title continue the product above, and equal titles are
one product.
"""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.text import slugify

from shop.imports.cells import flag, line_of_text, quoted
from shop.imports.dialects.shopify_columns import Columns
from shop.imports.dialects.shopify_variants import VariantReader
from shop.imports.drafts import ProductDraft, digest
from shop.imports.markup import clean
from shop.imports.problems import Kind, Problem
from shop.imports.reading import Row
from shop.imports.skus import SkuRegister

MAX_VARIANTS = 2_048  # Shopify's own limit
MAX_TITLE = 255
MAX_BRAND = 120
MAX_SLUG = 255
MAX_CATEGORY_DEPTH = 10
MAX_FACTS = 40
MAX_FACT_LABEL = 60
MAX_FACT = 255

# A row with something in one of these is a variant; without, it only adds a picture.
VARIANT_MARKS = ("sku", "price", "barcode", "option1_value", "option2_value", "option3_value")
LIVE_STATES = {"": True, "active": True, "draft": False, "archived": False, "unlisted": False}


class ShopifyDialect:
    """Reads one file, current or legacy headers. ``currency`` is the shop's: prices carry none."""

    name = "shopify"
    label = "Shopify product CSV"

    def __init__(self, headers: Sequence[str], *, currency: str) -> None:
        self._columns = Columns.of(headers)
        self._variants = VariantReader(self._columns, currency, SkuRegister())
        self._seen: set[int] = set()  # hashes of the keys of finished products

    @classmethod
    def recognises(cls, headers: Sequence[str]) -> bool:
        return "title" in Columns.of(headers)

    def drafts(self, rows: Iterable[Row | Problem]) -> Iterator[ProductDraft | Problem]:
        current: ProductDraft | None = None
        for row in rows:
            if isinstance(row, Problem):
                yield row
                continue
            if not any(cell and not cell.isspace() for cell in row.cells.values()):
                continue
            key = self._key(row, current)
            if key is None:
                yield Problem(row.line, Kind.NO_KEY)
                continue
            if current is None or key != current.key:
                if current is not None:
                    yield self._finished(current)
                current = self._started(row, key)
            elif not current.key_given and self._columns.cell(row.cells, "title"):
                current.tell(row.line, Kind.TITLE_CONTINUES, quoted(self._columns.cell(row.cells, "title")))
            self._add(row, current)
        if current is not None:
            yield self._finished(current)

    # Grouping

    def _key(self, row: Row, current: ProductDraft | None) -> str | None:
        handle = line_of_text(self._columns.cell(row.cells, "handle"))
        if handle:
            return handle if len(handle) <= MAX_SLUG else f"{handle[:200]}-{digest(handle)}"
        title = line_of_text(self._columns.cell(row.cells, "title"))
        if title:
            return slugify(title, allow_unicode=True)[:MAX_SLUG] or f"product-{digest(title)}"
        return current.key if current is not None and not current.key_given else None

    def _started(self, row: Row, key: str) -> ProductDraft:
        given = bool(self._columns.cell(row.cells, "handle"))
        slug = slugify(key, allow_unicode=True)[:MAX_SLUG].strip("-") or f"product-{digest(key)}"
        draft = ProductDraft(key=key, line=row.line, slug=slug, key_given=given)
        if hash(key) in self._seen:
            draft.continued = True
            if title := self._columns.cell(row.cells, "title"):
                draft.tell(row.line, Kind.REPEATED_PRODUCT if given else Kind.TITLE_CONTINUES, quoted(title))
            return draft
        if not given and "handle" in self._columns:
            draft.tell(row.line, Kind.HANDLE_DERIVED, slug)
        if given and slug != key.lower():
            draft.tell(row.line, Kind.HANDLE_CHANGED, f"{quoted(key)} as {slug}")
        self._read_product(row, draft)
        return draft

    def _finished(self, draft: ProductDraft) -> ProductDraft:
        self._seen.add(hash(draft.key))
        self._variants.finish(draft)
        if draft.images:
            draft.tell(draft.line, Kind.IMAGES_NOT_FETCHED, f"{draft.images} of {quoted(draft.title or draft.key)}")
        return draft

    def _add(self, row: Row, draft: ProductDraft) -> None:
        cells = row.cells
        draft.images += sum(1 for cell in self._columns.cells_of(cells, ("image", "variant_image")) if cell)
        first = row.line == draft.line and not draft.continued
        if not first and not any(self._columns.cells_of(cells, VARIANT_MARKS)):
            return
        if len(draft.variants) >= MAX_VARIANTS:
            draft.tell(row.line, Kind.TOO_MANY_VARIANTS, f"more than {MAX_VARIANTS}")
            return
        self._variants.read(row, draft)

    # The product's own words

    def _read_product(self, row: Row, draft: ProductDraft) -> None:
        draft.title = self._text(row, draft, "title", MAX_TITLE) or None
        draft.seo_title = self._text(row, draft, "seo_title", MAX_TITLE)
        draft.brand = self._text(row, draft, "brand", MAX_BRAND)
        if "seo_description" in self._columns:
            draft.seo_description = line_of_text(self._columns.cell(row.cells, "seo_description"))
        if "body" in self._columns:
            markup = clean(self._columns.cell(row.cells, "body"))
            draft.body = markup.html
            draft.images += markup.images
            if markup.lost:
                draft.tell(row.line, Kind.MARKUP_REMOVED)
        draft.live = self._live(row, draft)
        draft.category = self._category(row, draft)
        draft.details = self._details(row)
        if flag(self._columns.cell(row.cells, "gift_card")):
            draft.tell(row.line, Kind.GIFT_CARD, quoted(draft.title or draft.key))

    def _text(self, row: Row, draft: ProductDraft, name: str, limit: int) -> str | None:
        if name not in self._columns:
            return None
        text = line_of_text(self._columns.cell(row.cells, name))
        if len(text) > limit:
            draft.tell(row.line, Kind.SHORTENED, f"{name.replace('_', ' ')} {quoted(text)}")
            text = text[: limit - 1].rstrip() + "…"
        return text

    def _live(self, row: Row, draft: ProductDraft) -> bool | None:
        if "published" not in self._columns and "status" not in self._columns:
            return None
        published_cell = self._columns.cell(row.cells, "published")
        published = flag(published_cell) if published_cell else True
        status_cell = self._columns.cell(row.cells, "status")
        status = LIVE_STATES.get(status_cell.lower())
        if published is None or status is None:
            draft.tell(row.line, Kind.UNKNOWN_STATUS, quoted(published_cell if published is None else status_cell))
        return bool(published and status)

    def _category(self, row: Row, draft: ProductDraft) -> tuple[str, ...] | None:
        if "category" not in self._columns and "type" not in self._columns:
            return None
        cell = line_of_text(self._columns.cell(row.cells, "category"))
        kind = line_of_text(self._columns.cell(row.cells, "type"))[:MAX_TITLE]
        if cell and (cell.isdigit() or cell.startswith("gid:")):
            draft.tell(row.line, Kind.CATEGORY_UNREADABLE, quoted(cell))
            cell = ""
        path = tuple(part[:MAX_TITLE] for part in map(str.strip, cell.split(">")) if part) or ((kind,) if kind else ())
        if len(path) > MAX_CATEGORY_DEPTH:
            draft.tell(row.line, Kind.CATEGORY_TOO_DEEP, quoted(cell))
        return path[:MAX_CATEGORY_DEPTH]

    def _details(self, row: Row) -> list[tuple[str, str]] | None:
        """Facts from metafields: plain values only, no references, lists or markup."""
        if not self._columns.facts:
            return None
        facts = []
        for header, label in self._columns.facts.items():
            value = line_of_text(row.cells.get(header, ""))
            if value and len(value) <= MAX_FACT and not value.startswith(("gid:", "{", "[", "<")):
                facts.append((label[:MAX_FACT_LABEL], value))
        return facts[:MAX_FACTS]
