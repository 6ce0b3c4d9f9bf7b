"""Shopify's product CSV: rows of one handle, one after the other, are one product.

A file without handles (or a row without one) goes by its title: rows with an empty title continue the product above,
and equal titles are one product.
"""

from collections.abc import Collection, Iterator, Sequence

from django.utils.text import slugify

from shop.imports.cells import flag, line_of_text, quoted
from shop.imports.dialects.columns import Columns
from shop.imports.dialects.grouped import (
    MAX_FACT,
    MAX_FACT_LABEL,
    MAX_FACTS,
    MAX_SLUG,
    MAX_TITLE,
    GroupedDialect,
    category_path,
)
from shop.imports.dialects.shopify_columns import market_columns, shopify_columns
from shop.imports.drafts import ProductDraft, digest
from shop.imports.problems import Kind, Problem
from shop.imports.reading import Row

LIVE_STATES = {"": True, "active": True, "draft": False, "archived": False, "unlisted": False}
HEADERS_NAMED = 5


class ShopifyDialect(GroupedDialect):
    """Current or legacy headers."""

    name = "shopify"
    label = "Shopify product CSV"

    @classmethod
    def recognises(cls, headers: Sequence[str]) -> bool:
        return "title" in shopify_columns(headers)

    @classmethod
    def columns(cls, headers: Sequence[str], attributes: Collection[str] = ()) -> Columns:
        return shopify_columns(headers, attributes)

    def notes(self) -> Iterator[Problem]:
        if markets := market_columns(self._headers):
            more = f" and {len(markets) - HEADERS_NAMED} more" if len(markets) > HEADERS_NAMED else ""
            yield Problem(1, Kind.MARKETS_IGNORED, ", ".join(markets[:HEADERS_NAMED]) + more)

    def key(self, row: Row, current: ProductDraft | None) -> str | None:
        handle = line_of_text(self._columns.cell(row.cells, "handle"))
        if handle:
            return handle if len(handle) <= MAX_SLUG else f"{handle[:200]}-{digest(handle)}"
        title = line_of_text(self._columns.cell(row.cells, "title"))
        if title:
            return slugify(title, allow_unicode=True)[:MAX_SLUG] or f"product-{digest(title)}"
        return current.key if current is not None and not current.key_given else None

    def read_words(self, row: Row, draft: ProductDraft) -> None:
        if draft.key_given and draft.slug != draft.key.lower():
            draft.tell(row.line, Kind.HANDLE_CHANGED, f"{quoted(draft.key)} as {draft.slug}")
        draft.live = self._live(row, draft)
        draft.category = self._category(row, draft)
        draft.details = self._details(row)

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
        return category_path(cell, draft, row.line) or ((kind,) if kind else ())

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
