"""The rows of a product's variants in the admin: which of them there are, and their forms."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict

from shop.catalog.locks import lock_variants
from shop.catalog.models import ProductPage, Variant
from shop.catalog.seen_forms import CHANGES, SeenForm, Unreadable, posted_keys, with_changes
from shop.catalog.variant_columns import registered
from shop.catalog.variant_fields import (
    column_order,
    name_fields,
    option_names,
    option_slots,
    own_fields,
    own_values,
    picture_choices,
)
from shop.catalog.variant_filter import PER_PAGE, VariantFilter

# New variants in one save.
NEW_MOST = 50
ALL = VariantFilter()
# Stands for the number of a new row in the row that the script copies.
NUMBER = "__number__"


@dataclass
class Row:
    """One variant of the table, stored or new, with the form that holds all its columns."""

    form: SeenForm
    variant: Variant
    # How the row is called in messages and for screen readers: by the SKU that is stored.
    label: str = "New variant"
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        return self.variant.pk is None


class VariantRows:
    """The variants of a product as rows, a page of them, with room for new ones.

    ``may_edit`` says whether the variants themselves may be changed; prices and stock have permissions of their own.
    With ``data`` the table is bound, and has to be made inside a transaction: it locks the variants. Then it has the
    rows that were posted, from whatever page; a script posts only cells that were changed (``with_changes``).
    """

    def __init__(
        self,
        *,
        product: ProductPage,
        user: Any,
        may_edit: bool,
        data: QueryDict | None = None,
        chosen: VariantFilter = ALL,
    ) -> None:
        self.product, self.user, self.may_edit, self.chosen = product, user, may_edit, chosen
        self.unreadable = ""
        self.data = self._readable(data)
        self.columns = registered()
        # Asked for once: thousands of rows copy them.
        self.column_fields = {columns.code: columns.fields() for columns in self.columns}
        self.locked = {
            name
            for columns in self.columns
            if not user.has_perm(columns.permission)
            for name in [*self.column_fields[columns.code], *columns.shared_fields()]
        }
        self.variants = lock_variants(product.pk) if data is not None else list(product.variants.all())
        self.last = max((variant.position for variant in self.variants), default=0)
        self.stored_names = option_names(self.variants)
        self.slots = option_slots(self.stored_names, spare=may_edit)
        self.pictures = picture_choices(product, self.variants)
        self.row_fields = self._row_fields()
        self.names = self._names_form()
        self.shared = self._shared_form()
        self.matching = chosen.matching(self.variants, self.stored_names)
        self.page = Paginator(self.matching, PER_PAGE).get_page(chosen.page)
        self.rows = self._stored_rows(self._posted() if self.data is not None else list(self.page))
        self.new_rows = [self.new_row(str(number)) for number in range(_new_count(self.data))] if may_edit else []

    @property
    def may_change(self) -> bool:
        """Whether this user may change anything in it."""
        return self.may_edit or any(self.user.has_perm(columns.permission) for columns in self.columns)

    @property
    def filled_rows(self) -> list[Row]:
        """Stored rows, and the new ones in which something was typed."""
        return [*self.rows, *(row for row in self.new_rows if row.form.has_changed())]

    @property
    def has_errors(self) -> bool:
        forms_with_errors = [self.names, self.shared, *(row.form for row in self.filled_rows)]
        return bool(self.unreadable) or (self.data is not None and any(form.errors for form in forms_with_errors))

    def shown_rows(self) -> list[Row]:
        """The page's rows; where there are messages, those that were posted, the refused ones first if they are many.

        A script posts few cells: then the page stays, unless a message belongs to a row elsewhere.
        """
        if self.data is None:
            return self.rows
        posted = {row.variant.pk: row for row in self.rows}
        refused = [row for row in self.rows if row.form.errors]
        page = {variant.pk for variant in self.page}
        if all(row.variant.pk in page for row in refused) and CHANGES in self.data:
            others = self._stored_rows([variant for variant in self.page if variant.pk not in posted], bound=False)
            posted |= {row.variant.pk: row for row in others}
            return [posted[variant.pk] for variant in self.page]
        return refused[:PER_PAGE] if CHANGES in self.data else self.rows[: 2 * PER_PAGE]

    def cells(self, names: Sequence[str]) -> list[tuple[int, list[str]]]:
        """What is stored in some columns of all rows that the filter lets through, as their inputs have it.

        For the script, which fills rows of other pages. Columns that this user may not change are left empty.
        """
        values = self._values(self.matching)
        form = self._row_form("v0", {}, None)
        known = [name for name in names if name in form.fields and not form.fields[name].disabled]
        found = []
        for variant in self.matching:
            form.initial = values[variant.pk]
            found.append((variant.pk, [form.seen_text(name) if name in known else "" for name in names]))
        return found

    def new_row(self, number: str) -> Row:
        """An empty row; ``number`` tells it from others."""
        # The script that copies the pattern counts on from its number.
        initial = {"position": self.last + 1 + (int(number) if number.isdigit() else 0), "active": True}
        for fields in self.column_fields.values():
            initial |= {name: item.initial for name, item in fields.items()}
        # The row that the script copies is never posted itself.
        data = self.data if number.isdigit() else None
        return Row(self._row_form(f"n{number}", initial, data), Variant(product=self.product))

    # Making the forms

    def _readable(self, data: QueryDict | None) -> QueryDict | None:
        try:
            return with_changes(data) if data is not None else None
        except Unreadable as error:
            self.unreadable = str(error)
            return QueryDict()

    def _posted(self) -> list[Variant]:
        posted = posted_keys(self.data or {}, "v")
        return [variant for variant in self.variants if variant.pk in posted]

    def _values(self, variants: list[Variant]) -> dict[int, dict[str, Any]]:
        """What is stored of each variant, by field."""
        found = {variant.pk: own_values(variant, self.stored_names) for variant in variants}
        for columns in self.columns:
            for pk, values in columns.current(variants).items():
                found[pk] |= values
        return found

    def _stored_rows(self, variants: list[Variant], *, bound: bool = True) -> list[Row]:
        values = self._values(variants)
        notes: dict[int, dict[str, str]] = {}
        for columns in self.columns:
            for pk, small_print in columns.notes(variants).items():
                notes.setdefault(pk, {}).update(small_print)
        data = self.data if bound else None
        return [
            Row(
                self._row_form(f"v{variant.pk}", values[variant.pk], data),
                variant,
                variant.sku,
                notes.get(variant.pk, {}),
            )
            for variant in variants
        ]

    def _row_fields(self) -> dict[str, forms.Field]:
        """The fields of every row, in order; rows copy them."""
        own = own_fields(self.slots, self.pictures)
        others = {name: item for fields in self.column_fields.values() for name, item in fields.items()}
        found = own | others
        for name in (set() if self.may_edit else set(own)) | (self.locked & set(others)):
            found[name].disabled = True
        return {name: found[name] for name in column_order(self.slots, others) if name in found}

    def _row_form(self, prefix: str, initial: dict[str, Any], data: QueryDict | None) -> SeenForm:
        fields = {name: deepcopy(item) for name, item in self.row_fields.items()}
        return SeenForm(data, prefix=prefix, initial=initial, extra_fields=fields)

    def _names_form(self) -> SeenForm:
        fields = name_fields(self.slots)
        initial = {f"name_{slot}": name for slot, name in enumerate(self.stored_names)}
        locked = [] if self.may_edit else list(fields)
        return SeenForm(self.data, prefix="names", initial=initial, extra_fields=fields, locked=locked)

    def _shared_form(self) -> SeenForm:
        fields: dict[str, forms.Field] = {}
        for columns in self.columns:
            fields |= columns.shared_fields()
        shown = {name: item for name, item in fields.items() if name not in self.locked}
        return SeenForm(self.data, prefix="shared", extra_fields=shown)


def _new_count(data: QueryDict | None) -> int:
    """How many new rows were posted; one is offered."""
    posted = data.get("new_rows", "1") if data is not None else "1"
    return min(int(posted), NEW_MOST) if posted.isascii() and posted.isdigit() and len(posted) < 4 else 1
