"""The variants' table as its template prints it: headings, cells and messages."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from shop.catalog.seen_forms import SeenForm
from shop.catalog.variant_columns import Link
from shop.catalog.variant_fields import OWN_FIELDS
from shop.catalog.variant_filter import choices
from shop.catalog.variant_rows import NUMBER, Row
from shop.catalog.variant_table import VariantTable

# The inputs stand inside the page's form, which must not send them: they belong to this one, outside of it.
FORM_ID = "variants-form"
FILTER_ID = "variants-filter"


@dataclass(frozen=True)
class Heading:
    """A column's heading: text, or an input for the name of an option. ``kind`` is its CSS class."""

    name: str
    kind: str
    content: SafeString | str
    spare: bool = False


@dataclass(frozen=True)
class Cell:
    """One field of a row; ``content`` is its input, or its value as text where it may not be changed."""

    name: str
    kind: str
    content: SafeString | str
    note: str = ""
    spare: bool = False


@dataclass(frozen=True)
class Line:
    """A row of the table with the messages that belong below it, each with its field's label."""

    key: str
    label: str
    cells: list[Cell]
    is_new: bool
    is_blank: bool
    active: bool
    errors: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class SharedField:
    """A field below the table."""

    id: str
    label: str
    content: SafeString
    help_text: str
    errors: list[str]


class Grid:
    """Everything that ``templates/admin/catalog/variants_grid.html`` needs."""

    form_id = FORM_ID
    filter_id = FILTER_ID

    def __init__(self, table: VariantTable, *, url: str, message: str = "") -> None:
        self.table, self.url, self.message = table, url, message
        self.may_change, self.may_edit = table.may_change, table.may_edit
        self.has_errors = table.has_errors
        self.headings = list(self._headings())
        self.rows = table.shown_rows()
        for row in self.rows:
            row.form.show_rest()
        self.lines = [self._line(row) for row in [*self.rows, *table.new_rows]]
        self.pattern = self._line(table.new_row(NUMBER)) if table.may_edit else None
        self.new_count = len(table.new_rows)
        self.choices = choices(table.variants, table.stored_names, table.chosen)
        self.total, self.found = len(table.variants), len(table.matching)
        self.page, self.chosen = table.page, table.chosen
        self.is_part = self.found > len(self.rows)
        self.name_errors = [(name, message) for name, messages in _errors(table.names) for message in messages]

    @property
    def shared(self) -> list[SharedField]:
        return [
            SharedField(
                bound.id_for_label,
                str(bound.label),
                _input(bound, bound.label),
                str(bound.field.help_text),
                [str(message) for message in bound.errors],
            )
            for bound in self.table.shared
        ]

    @property
    def generator_url(self) -> str:
        """Where combinations of options are made; empty for a page that was never saved."""
        pk = self.table.product.pk
        return reverse("catalog_variants_generate", args=[pk]) if pk else ""

    @property
    def links(self) -> list[Link]:
        if self.table.product.pk is None:
            return []
        return [link for columns in self.table.columns for link in columns.links(self.table.product, self.table.user)]

    @property
    def pages(self) -> list[tuple[str, str]]:
        """Number and query of each page that is linked, without a query for the one that is shown and for gaps."""
        numbers = self.page.paginator.get_elided_page_range(self.page.number)
        plain = [(str(number), number) for number in numbers]
        return [
            (text, self.chosen.query(int(number)) or "?" if text.isdigit() and number != self.page.number else "")
            for text, number in plain
        ]

    @property
    def has_spare(self) -> bool:
        return self.table.slots > len(self.table.stored_names)

    @property
    def column_count(self) -> int:
        return len(self.headings)

    def _is_spare(self, name: str) -> bool:
        slot = name.removeprefix("option_")
        return name.startswith("option_") and int(slot) >= len(self.table.stored_names) and not self._is_named(slot)

    def _is_named(self, slot: str) -> bool:
        """Whether somebody has typed into the spare column before a message came back."""
        return bool(self.table.names[f"name_{slot}"].value())

    def _headings(self) -> Iterator[Heading]:
        for name, item in self.table.new_row(NUMBER).form.fields.items():
            if name.startswith("option_"):
                bound = self.table.names[name.replace("option", "name")]
                content = _input(bound, bound.label, placeholder="Colour, size…") if self.may_edit else bound.value()
                yield Heading(name, "option", content, self._is_spare(name))
            else:
                yield Heading(name, _kind(name, item), str(item.label))

    def _line(self, row: Row) -> Line:
        errors = [
            (row.form[name].id_for_label, str(row.form[name].label), message)
            for name, messages in (_errors(row.form) if not row.is_new or row.form.has_changed() else [])
            for message in messages
        ]
        return Line(
            key=str(row.form.prefix),
            label=row.label,
            cells=[self._cell(row, bound) for bound in row.form],
            is_new=row.is_new,
            is_blank=row.is_new and not row.form.has_changed(),
            active=row.variant.active,
            errors=errors,
        )

    def _cell(self, row: Row, bound: forms.BoundField) -> Cell:
        name = bound.name
        note = row.notes.get(name, "")
        kind = _kind(name, bound.field)
        if bound.field.disabled:
            return Cell(name, kind, self._text(name, bound.initial), note, self._is_spare(name))
        return Cell(name, kind, _input(bound, f"{bound.label}, {row.label}"), note, self._is_spare(name))

    def _text(self, name: str, value: Any) -> str:
        for columns in self.table.columns:
            if name in self.table.column_fields[columns.code]:
                return columns.text(name, value)
        if name == "active":
            return "yes" if value else "no"
        if name == "image":
            return dict(self.table.pictures).get(str(value), "–")
        return "" if value is None else str(value)


def _kind(name: str, item: forms.Field) -> str:
    if name in OWN_FIELDS:
        return name
    if name.startswith("option_"):
        return "option"
    return "flag" if isinstance(item, forms.BooleanField) else "number"


def _errors(form: SeenForm) -> list[tuple[str, list[str]]]:
    return (
        [(name, [str(message) for message in messages]) for name, messages in form.errors.items()]
        if form.is_bound
        else []
    )


def _input(bound: forms.BoundField, label: Any, placeholder: str = "") -> SafeString:
    """The field's input and, hidden beside it, what was on the screen before."""
    attributes: dict[str, Any] = {"form": FORM_ID, "aria-label": str(label), "autocomplete": "off"}
    if placeholder:
        attributes["placeholder"] = placeholder
    if bound.form.is_bound and bound.errors:
        attributes |= {"aria-invalid": "true", "aria-describedby": f"{bound.id_for_label}-error"}
    if bound.name in getattr(bound.form, "stale", ()):
        attributes["data-stale"] = ""
    if isinstance(bound.field, forms.IntegerField):
        attributes["inputmode"] = "numeric"
    return format_html(
        "{}{}",
        bound.as_widget(attrs=attributes),
        bound.as_hidden(attrs={"form": FORM_ID, "id": f"initial-{bound.id_for_label}"}, only_initial=True),
    )
