"""Files in which consecutive rows of one key are one product: Shopify's and the shop's own.

The first row carries the product's words; each row may carry a variant, a picture, or both.
"""

import csv
import io
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import ClassVar

from django.utils.text import slugify

from shop.imports.cells import flag, line_of_text, quoted
from shop.imports.dialects.columns import Columns
from shop.imports.dialects.variants import VariantReader
from shop.imports.drafts import ProductDraft, digest
from shop.imports.markup import clean
from shop.imports.problems import Kind, Problem
from shop.imports.reading import Row
from shop.imports.skus import SkuRegister

MAX_VARIANTS = 2_048  # Shopify's own limit
MAX_TITLE = 255
MAX_BRAND = 120
MAX_SLUG = 255
MAX_SUMMARY = 255
MAX_CATEGORY_DEPTH = 10
MAX_FACTS = 40
MAX_FACT_LABEL = 60
MAX_FACT = 255
MAX_TAGS = 100
MAX_TAG = 100
MAX_ADDRESS = 2_000

# A row with something in one of these is a variant; without, it only adds a picture.
VARIANT_MARKS = ("sku", "price", "barcode")


class GroupedDialect(ABC):
    """Reads one file. ``currency`` is the shop's: prices carry none. ``attributes`` are the codes that it knows."""

    name: ClassVar[str]
    label: ClassVar[str]
    # Whether a product's first row is a variant even where nothing but the product's words is in it.
    first_row_sells: ClassVar[bool] = True

    def __init__(self, headers: Sequence[str], *, currency: str, attributes: Collection[str] = ()) -> None:
        self._headers = headers
        self._columns = self.columns(headers, attributes)
        self._variants = VariantReader(self._columns, currency, SkuRegister())
        options = [name for name in self._columns.headers if name.startswith("option") and name.endswith("_value")]
        self._marks = (*VARIANT_MARKS, *options)
        self._seen: set[int] = set()  # hashes of the keys of finished products

    @classmethod
    @abstractmethod
    def columns(cls, headers: Sequence[str], attributes: Collection[str] = ()) -> Columns:
        """Which of these headers mean what."""

    @abstractmethod
    def key(self, row: Row, current: ProductDraft | None) -> str | None:
        """What the file calls the product of a row; None where it does not say."""

    @abstractmethod
    def read_words(self, row: Row, draft: ProductDraft) -> None:
        """What only this dialect says of a product: state, category, facts."""

    def notes(self) -> Iterator[Problem]:
        """What is worth knowing about the file as a whole."""
        return iter(())

    def drafts(self, rows: Iterable[Row | Problem]) -> Iterator[ProductDraft | Problem]:
        yield from self.notes()
        current: ProductDraft | None = None
        for row in rows:
            if isinstance(row, Problem):
                yield row
                continue
            if not any(cell and not cell.isspace() for cell in row.cells.values()):
                continue
            key = self.key(row, current)
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

    def slug(self, row: Row, key: str) -> str:
        """The address that a product would like."""
        return slugify(key, allow_unicode=True)[:MAX_SLUG].strip("-") or f"product-{digest(key)}"

    def _started(self, row: Row, key: str) -> ProductDraft:
        given = bool(self._columns.cell(row.cells, "handle"))
        slug = self.slug(row, key)
        draft = ProductDraft(key=key, line=row.line, slug=slug, key_given=given)
        if hash(key) in self._seen:
            draft.continued = True
            if title := self._columns.cell(row.cells, "title"):
                draft.tell(row.line, Kind.REPEATED_PRODUCT if given else Kind.TITLE_CONTINUES, quoted(title))
            return draft
        if not given and "handle" in self._columns:
            draft.tell(row.line, Kind.HANDLE_DERIVED, slug)
        self._read_product(row, draft)
        return draft

    def _finished(self, draft: ProductDraft) -> ProductDraft:
        self._seen.add(hash(draft.key))
        self._variants.finish(draft)
        if draft.pictures is not None:
            draft.pictures = list({address: (address, alt) for address, alt in reversed(draft.pictures)}.values())[::-1]
        if draft.images:
            draft.tell(draft.line, Kind.IMAGES_NOT_FETCHED, f"{draft.images} of {quoted(draft.title or draft.key)}")
        return draft

    def pictures(self, row: Row) -> Iterator[tuple[str, str]]:
        """Address and text alternative of each of the product's pictures that a row names."""
        if address := self._columns.cell(row.cells, "image"):
            yield address, line_of_text(self._columns.cell(row.cells, "image_alt"))

    def _add(self, row: Row, draft: ProductDraft) -> None:
        cells = row.cells
        found = [(address[:MAX_ADDRESS], alt[:MAX_FACT]) for address, alt in self.pictures(row)]
        draft.images += len(found) + bool(self._columns.cell(cells, "variant_image"))
        if found and not draft.continued:
            draft.pictures = [*(draft.pictures or []), *found]
        first = self.first_row_sells and row.line == draft.line and not draft.continued
        if not first and not any(self._columns.cells_of(cells, self._marks)):
            return
        if len(draft.variants) >= MAX_VARIANTS:
            draft.tell(row.line, Kind.TOO_MANY_VARIANTS, f"more than {MAX_VARIANTS}")
            return
        self._variants.read(row, draft)

    # The product's own words

    def _read_product(self, row: Row, draft: ProductDraft) -> None:
        draft.title = self.text(row, draft, "title", MAX_TITLE) or None
        draft.seo_title = self.text(row, draft, "seo_title", MAX_TITLE)
        draft.brand = self.text(row, draft, "brand", MAX_BRAND)
        draft.summary = self.text(row, draft, "summary", MAX_SUMMARY)
        if "seo_description" in self._columns:
            draft.seo_description = line_of_text(self._columns.cell(row.cells, "seo_description"))
        if "body" in self._columns:
            markup = clean(self._columns.cell(row.cells, "body"))
            draft.body = markup.html
            draft.images += markup.images
            if markup.lost:
                draft.tell(row.line, Kind.MARKUP_REMOVED)
        if "tags" in self._columns:
            draft.tags = tag_names(self._columns.cell(row.cells, "tags"))
        if self._columns.attributes:
            cells = ((code, line_of_text(row.cells.get(name, ""))) for name, code in self._columns.attributes.items())
            draft.attributes = {code: cell for code, cell in cells if cell}
        self.read_words(row, draft)
        if flag(self._columns.cell(row.cells, "gift_card")):
            draft.tell(row.line, Kind.GIFT_CARD, quoted(draft.title or draft.key))

    def text(self, row: Row, draft: ProductDraft, name: str, limit: int) -> str | None:
        """A line of text, shortened where it is too long; None where the file has no such column."""
        if name not in self._columns:
            return None
        text = line_of_text(self._columns.cell(row.cells, name))
        if len(text) > limit:
            draft.tell(row.line, Kind.SHORTENED, f"{name.replace('_', ' ')} {quoted(text)}")
            text = text[: limit - 1].rstrip() + "…"
        return text


def category_path(cell: str, draft: ProductDraft, line: int) -> tuple[str, ...]:
    """The titles in ``Lamps > Table lamps``, topmost first; ``\\>`` is a sign of a title itself."""
    parts = line_of_text(cell).replace("\\>", "\0").split(">")
    path = tuple(part.replace("\0", ">").strip()[:MAX_TITLE] for part in parts if part.strip())
    if len(path) > MAX_CATEGORY_DEPTH:
        draft.tell(line, Kind.CATEGORY_TOO_DEEP, quoted(cell))
    return path[:MAX_CATEGORY_DEPTH]


def tag_names(cell: str) -> list[str]:
    """Comma-separated tags, each once, in order; one with a comma of its own is in quotation marks."""
    parts = next(csv.reader([line_of_text(cell)], skipinitialspace=True), [])
    names = (line_of_text(part)[:MAX_TAG] for part in parts)
    return list(dict.fromkeys(name for name in names if name))[:MAX_TAGS]


def tag_cell(names: Sequence[str]) -> str:
    """What ``tag_names`` reads as these."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(names)
    return out.getvalue().replace('",', '", ') if '"' in out.getvalue() else ", ".join(names)
