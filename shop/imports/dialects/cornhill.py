"""The shop's own product file: a row for each variant, the product's words on the first of them.

docs/importing-products.md documents every column; ``exporting/`` writes the same file, CSV or XLSX.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from django.utils.text import slugify

from shop.imports.cells import flag, line_of_text
from shop.imports.dialects.columns import Columns, attribute_code
from shop.imports.dialects.grouped import (
    MAX_FACT,
    MAX_FACT_LABEL,
    MAX_FACTS,
    MAX_SLUG,
    GroupedDialect,
    category_path,
)
from shop.imports.drafts import ProductDraft, digest
from shop.imports.problems import Kind
from shop.imports.reading import Row, normalise_header

# Our name -> the header in the file.
COLUMNS: dict[str, str] = {
    "handle": "product",
    "title": "title",
    "slug": "address",
    "category": "category",
    "brand": "brand",
    "summary": "summary",
    "body": "description",
    "facts": "facts",
    "tags": "tags",
    "live": "live",
    "seo_title": "search title",
    "seo_description": "search description",
    "image": "pictures",
    "image_alt": "picture descriptions",
    "sku": "sku",
    "barcode": "barcode",
    "grams": "weight (g)",
    "price": "price",
    "compare_at": "compare-at price",
    "quantity": "stock",
    "counted": "counted",
    "active": "on sale",
    "variant_image": "variant picture",
}
ATTRIBUTE = "attribute: "
OPTION_NAME, OPTION_VALUE = "option {} name", "option {} value"
_OPTION = re.compile(r"option (\d{1,2}) (name|value)")
_FACT = re.compile(r"((?:[^:\\]|\\.)+): *(.*)")


class CornhillDialect(GroupedDialect):
    """Files with the columns ``product`` and ``sku``."""

    name = "cornhill"
    label = "Cornhill product file"
    first_row_sells = False

    @classmethod
    def recognises(cls, headers: Sequence[str]) -> bool:
        columns = cls.columns(headers)
        return "handle" in columns and "sku" in columns

    @classmethod
    def columns(cls, headers: Sequence[str], attributes: Collection[str] = ()) -> Columns:
        columns = Columns.of(headers, {name: (header,) for name, header in COLUMNS.items()})
        for header in map(normalise_header, headers):
            if option := _OPTION.fullmatch(header):
                columns.headers[f"option{option[1]}_{option[2]}"] = header
            elif header.startswith(ATTRIBUTE) and (code := attribute_code(header[len(ATTRIBUTE) :], attributes)):
                columns.attributes[header] = code
        return columns

    def key(self, row: Row, current: ProductDraft | None) -> str | None:
        """An empty cell continues the product above."""
        key = line_of_text(self._columns.cell(row.cells, "handle"))
        if key:
            return key if len(key) <= MAX_SLUG else f"{key[:200]}-{digest(key)}"
        return current.key if current else None

    def slug(self, row: Row, key: str) -> str:
        wanted = line_of_text(self._columns.cell(row.cells, "slug")) or key.strip("/").rpartition("/")[2]
        return slugify(wanted, allow_unicode=True)[:MAX_SLUG].strip("-") or f"product-{digest(key)}"

    def read_words(self, row: Row, draft: ProductDraft) -> None:
        if cell := self._columns.cell(row.cells, "live"):
            draft.live = flag(cell)
            if draft.live is None:
                draft.tell(row.line, Kind.UNKNOWN_STATUS, cell[:60])
                draft.live = False
        if "category" in self._columns:
            draft.category = category_path(self._columns.cell(row.cells, "category"), draft, row.line)
        if "facts" in self._columns:
            draft.details, draft.facts_in_order = self._facts(row, draft), True

    def _facts(self, row: Row, draft: ProductDraft) -> list[tuple[str, str]]:
        facts = []
        for line in self._columns.cell(row.cells, "facts").splitlines():
            fact = _FACT.fullmatch(line_of_text(line))
            if fact and fact[2]:
                label = re.sub(r"\\(.)", r"\1", fact[1])
                facts.append((label[:MAX_FACT_LABEL], fact[2][:MAX_FACT]))
            elif line.strip():
                draft.tell(row.line, Kind.FACT_UNREADABLE, line_of_text(line)[:60])
        return facts[:MAX_FACTS]

    def pictures(self, row: Row) -> Iterator[tuple[str, str]]:
        """One in each line of the cell, its description in the same line of the other cell."""
        alts = self._columns.cell(row.cells, "image_alt").split("\n")
        for number, line in enumerate(self._columns.cell(row.cells, "image").split("\n")):
            if address := line.strip():
                yield address, line_of_text(alts[number]) if number < len(alts) else ""
