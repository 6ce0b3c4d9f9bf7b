"""WooCommerce's product CSV (Products > Export): variations follow their product anywhere in the file.

Simple products are given as they come; variable ones wait, on disk, until the whole file has been read.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import ClassVar

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.text import slugify

from shop.imports.cells import flag, line_of_text, quoted
from shop.imports.dialects.columns import Columns, attribute_code
from shop.imports.dialects.grouped import (
    MAX_ADDRESS,
    MAX_BRAND,
    MAX_FACT,
    MAX_FACT_LABEL,
    MAX_FACTS,
    MAX_SLUG,
    MAX_SUMMARY,
    MAX_TITLE,
    MAX_VARIANTS,
    category_path,
    tag_names,
)
from shop.imports.dialects.spool import Spool
from shop.imports.dialects.variants import VariantReader
from shop.imports.drafts import ProductDraft, digest
from shop.imports.markup import clean
from shop.imports.problems import Kind, Problem
from shop.imports.reading import Row, normalise_header
from shop.imports.skus import SkuRegister

COLUMNS = {
    "id": ("ID",),
    "type": ("Type",),
    "sku": ("SKU",),
    "title": ("Name",),
    "published": ("Published",),
    "visibility": ("Visibility in catalog", "Visibility in catalogue"),
    "summary": ("Short description",),
    "body": ("Description",),
    "sale_from": ("Date sale price starts",),
    "sale_to": ("Date sale price ends",),
    "in_stock": ("In stock?",),
    "stock": ("Stock",),
    "backorders": ("Backorders allowed?",),
    "barcode": ("GTIN, UPC, EAN, or ISBN",),
    "sale_price": ("Sale price",),
    "regular_price": ("Regular price",),
    "categories": ("Categories",),
    "tags": ("Tags",),
    "brand": ("Brands", "Brand"),
    "images": ("Images",),
    "parent": ("Parent",),
    "download": ("Download 1 URL",),
}
UNITS = {"kg": "kg", "g": "g", "lbs": "lb", "oz": "oz"}
SOLD_TYPES = frozenset({"simple", "variable", "variation"})
_WEIGHT = re.compile(r"weight \((\w+)\)")
_ATTRIBUTE = re.compile(r"attribute (\d{1,3}) name")
# A comma between entries; one that belongs to an entry is written "\,".
_ENTRIES = re.compile(r"(?<!\\),")


class WooCommerceDialect:
    """Reads one file in the default columns, in English."""

    name: ClassVar[str] = "woocommerce"
    label: ClassVar[str] = "WooCommerce product CSV"

    def __init__(self, headers: Sequence[str], *, currency: str, attributes: Collection[str] = ()) -> None:
        self._columns = Columns.of(headers, COLUMNS)
        present = [normalise_header(header) for header in headers]
        self._codes = attributes
        self._attributes = [match[1] for header in present if (match := _ATTRIBUTE.fullmatch(header))]
        self._weight, self._unit = next(
            ((match[0], UNITS.get(match[1], "")) for header in present if (match := _WEIGHT.fullmatch(header))),
            ("", ""),
        )
        self._variants = VariantReader(_variant_columns(len(self._attributes)), currency, SkuRegister())
        self._keys: dict[str, str] = {}  # SKU of a variable product, as its variations call it -> key

    @classmethod
    def recognises(cls, headers: Sequence[str]) -> bool:
        columns = Columns.of(headers, COLUMNS)
        return all(name in columns for name in ("type", "sku", "title", "regular_price"))

    def drafts(self, rows: Iterable[Row | Problem]) -> Iterator[ProductDraft | Problem]:
        with Spool() as spool:
            for row in rows:
                if isinstance(row, Problem):
                    yield row
                    continue
                yield from self._sort(row, spool)
            spool.rename(self._keys)
            for key, head, variations in spool.groups():
                yield self._variable(key, head, variations)

    def _sort(self, row: Row, spool: Spool) -> Iterator[ProductDraft | Problem]:
        """Give a simple product, put a variable one aside, refuse the rest."""
        words = {word.strip() for word in self._cell(row, "type").lower().split(",")}
        kind = next(iter(words & SOLD_TYPES), "simple" if words <= {"", "downloadable", "virtual"} else "")
        if not kind:
            yield Problem(row.line, Kind.TYPE_NOT_SOLD, f"{quoted(self._cell(row, 'title'))}, {', '.join(words)}")
            return
        if kind == "variation":
            parent = line_of_text(self._cell(row, "parent"))
            if not parent:
                yield Problem(row.line, Kind.NO_KEY)
                return
            spool.put(parent, row, head=False)
            return
        key = self._key(row)
        if key is None:
            yield Problem(row.line, Kind.NO_KEY)
            return
        if kind == "variable":
            if sku := line_of_text(self._cell(row, "sku")):
                self._keys.setdefault(sku, key)
            spool.put(key, row, head=True)
            return
        draft = self._started(key, row)
        self._add(draft, row, variation=False)
        yield self._finished(draft)

    def _key(self, row: Row) -> str | None:
        number = line_of_text(self._cell(row, "id"))
        if number:
            return f"id:{number[:60]}"
        sku, title = line_of_text(self._cell(row, "sku")), line_of_text(self._cell(row, "title"))
        return (sku or slugify(title, allow_unicode=True))[:MAX_SLUG] or None

    def _variable(self, key: str, head: Row | None, variations: Iterator[Row]) -> ProductDraft:
        # Without a head the product is not in this file, and may be in the shop.
        draft = self._started(key, head) if head else ProductDraft(key=key, line=0, slug=slugify(key), continued=True)
        used: set[str] = set()
        for row in variations:
            draft.line = draft.line or row.line
            if len(draft.variants) >= MAX_VARIANTS:
                draft.tell(row.line, Kind.TOO_MANY_VARIANTS, f"more than {MAX_VARIANTS}")
                break
            self._add(draft, row, variation=True)
            used |= {self._attribute(row, number)[0] for number in self._attributes}
        if draft.details:
            draft.details = [fact for fact in draft.details if fact[0] not in used]
        return self._finished(draft)

    # One product

    def _started(self, key: str, row: Row) -> ProductDraft:
        title = line_of_text(self._cell(row, "title"))
        slug = slugify(title, allow_unicode=True)[:MAX_SLUG].strip("-") or f"product-{digest(key)}"
        draft = ProductDraft(key=key, line=row.line, slug=slug)
        draft.title = _cut(title, MAX_TITLE, "title", draft) or None
        if "brand" in self._columns:
            draft.brand = _cut("".join(_entries(self._cell(row, "brand"))[:1]), MAX_BRAND, "brand", draft)
        summary = clean(_line_breaks(self._cell(row, "summary"))).html
        draft.summary = _cut(line_of_text(re.sub(r"<[^>]+>", " ", summary)), MAX_SUMMARY, "short description", draft)
        markup = clean(_line_breaks(self._cell(row, "body")))
        draft.body = markup.html
        draft.images = markup.images
        if markup.lost:
            draft.tell(row.line, Kind.MARKUP_REMOVED)
        draft.live = self._live(row, draft)
        draft.tags = tag_names(self._cell(row, "tags"))
        paths = _entries(self._cell(row, "categories"))
        draft.category = category_path(paths[0], draft, row.line) if paths else ()
        if len(paths) > 1:
            draft.tell(row.line, Kind.OTHER_CATEGORIES, quoted(title))
        if self._cell(row, "download"):
            draft.tell(row.line, Kind.DOWNLOADS_LEFT, quoted(title))
        pictures = _entries(self._cell(row, "images"))
        draft.images += len(pictures)
        draft.pictures = [(address[:MAX_ADDRESS], "") for address in dict.fromkeys(pictures)] or None
        self._read_attributes(row, draft)
        return draft

    def _read_attributes(self, row: Row, draft: ProductDraft) -> None:
        """Attributes that the shop knows by code, the others as facts; those of variations are taken out later."""
        facts, known = [], {}
        for number in self._attributes:
            name, value = self._attribute(row, number)
            if not name or not value:
                continue
            if code := attribute_code(name, self._codes):
                known[code] = value
            elif flag(row.cells.get(f"attribute {number} visible", "1")) is not False:
                facts.append((name[:MAX_FACT_LABEL], value[:MAX_FACT]))
        draft.details = facts[:MAX_FACTS]
        draft.attributes = known or None

    def _attribute(self, row: Row, number: str) -> tuple[str, str]:
        name = line_of_text(row.cells.get(f"attribute {number} name", ""))
        return name, ", ".join(_entries(row.cells.get(f"attribute {number} value(s)", "")))

    def _live(self, row: Row, draft: ProductDraft) -> bool:
        if self._cell(row, "visibility").lower() == "hidden":
            draft.tell(row.line, Kind.HIDDEN_THERE, quoted(draft.title or draft.key))
            return False
        cell = self._cell(row, "published")
        if cell not in ("", "0", "1", "-1") and flag(cell) is None:
            draft.tell(row.line, Kind.UNKNOWN_STATUS, quoted(cell))
        return cell == "" or flag(cell) is True

    def _finished(self, draft: ProductDraft) -> ProductDraft:
        self._variants.finish(draft)
        if draft.images:
            draft.tell(draft.line, Kind.IMAGES_NOT_FETCHED, f"{draft.images} of {quoted(draft.title or draft.key)}")
        return draft

    # One variant, handed to the reader that all dialects share in its own columns

    def _add(self, draft: ProductDraft, row: Row, *, variation: bool) -> None:
        cells = {name: self._cell(row, name) for name in ("sku", "barcode")}
        if self._weight:
            cells |= {"weight": row.cells.get(self._weight, ""), "weight_unit": self._unit}
        cells |= self._prices(row, draft) | self._stock(row)
        if variation:
            for place, number in enumerate(self._attributes, 1):
                cells[f"option{place}_name"], cells[f"option{place}_value"] = self._attribute(row, number)
            pictures = _entries(self._cell(row, "images"))
            cells["variant_image"] = pictures[0] if pictures else ""
            draft.images += bool(pictures)
        self._variants.read(Row(row.line, cells), draft)

    def _prices(self, row: Row, draft: ProductDraft) -> dict[str, str]:
        regular, sale = self._cell(row, "regular_price"), self._cell(row, "sale_price")
        if not sale:
            return {"price": regular}
        if not self._sale_holds(row):
            draft.tell(row.line, Kind.SALE_DATED, quoted(sale))
            return {"price": regular}
        return {"price": sale, "compare_at": regular}

    def _sale_holds(self, row: Row) -> bool:
        today = timezone.localdate()
        begins, ends = _date(self._cell(row, "sale_from")), _date(self._cell(row, "sale_to"))
        return (begins is None or begins <= today) and (ends is None or ends >= today)

    def _stock(self, row: Row) -> dict[str, str]:
        """Nobody counts where no number is given, unless it is said to be sold out."""
        stock, sold_out = self._cell(row, "stock"), flag(self._cell(row, "in_stock")) is False
        if flag(self._cell(row, "backorders")) or self._cell(row, "backorders").lower() == "notify":
            return {"counted": "no"}
        if stock:
            return {"counted": "yes", "quantity": stock}
        return {"counted": "yes", "quantity": "0"} if sold_out else {"counted": "no"}

    def _cell(self, row: Row, name: str) -> str:
        return self._columns.cell(row.cells, name)


def _variant_columns(options: int) -> Columns:
    """The columns in which rows are handed to the reader of variants."""
    names = ["sku", "barcode", "weight", "weight_unit", "price", "compare_at", "quantity", "counted", "variant_image"]
    names += [f"option{number}_{part}" for number in range(1, options + 1) for part in ("name", "value")]
    return Columns({name: name for name in names})


def _entries(cell: str) -> list[str]:
    """Comma-separated entries, trimmed, empty ones left out."""
    return [text for part in _ENTRIES.split(cell) if (text := line_of_text(part.replace("\\,", ",")))]


def _line_breaks(cell: str) -> str:
    """WooCommerce writes a line break as a backslash and an n."""
    return re.sub(r"(?<!\\)\\n", "\n", cell)


def _date(cell: str) -> date | None:
    try:
        moment = parse_datetime(cell)
        return moment.date() if moment else parse_date(cell)
    except ValueError:
        return None


def _cut(line: str, limit: int, name: str, draft: ProductDraft) -> str:
    if len(line) > limit:
        draft.tell(draft.line, Kind.SHORTENED, f"{name} {quoted(line)}")
        line = line[: limit - 1].rstrip() + "…"
    return line
