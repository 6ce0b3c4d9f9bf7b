"""The table of a product's variants in the admin: what may be changed, and storing it as a whole."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict

from shop.catalog.locks import lock_variants
from shop.catalog.models import ProductPage, Variant
from shop.catalog.seen_forms import SeenForm
from shop.catalog.services import VariantError, clean_options, save_variant
from shop.catalog.variant_columns import VariantColumns, registered
from shop.catalog.variant_fields import (
    OWN_FIELDS,
    column_order,
    name_fields,
    option_names,
    option_slots,
    own_fields,
    own_values,
    picture_choices,
)

# New variants in one save.
NEW_MOST = 50
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


class Refused(Exception):
    """Something in the table may not be stored; the forms carry the messages."""


class VariantTable:
    """All variants of a product, one row each, with room for new ones.

    ``may_edit`` says whether the variants themselves may be changed; prices and stock have permissions of their own.
    With ``data`` the table is bound, and has to be made inside a transaction: it locks the variants.
    """

    def __init__(self, *, product: ProductPage, user: Any, may_edit: bool, data: QueryDict | None = None) -> None:
        self.product, self.user, self.may_edit, self.data = product, user, may_edit, data
        self.columns = registered()
        self.locked = {
            name
            for columns in self.columns
            if not user.has_perm(columns.permission)
            for name in [*columns.fields(), *columns.shared_fields()]
        }
        variants = lock_variants(product.pk) if data is not None else list(product.variants.all())
        self.last = max((variant.position for variant in variants), default=0)
        self.stored_names = option_names(variants)
        self.slots = option_slots(self.stored_names, spare=may_edit)
        self.pictures = picture_choices(product, variants)
        self.names = self._names_form()
        self.shared = self._shared_form()
        self.rows = self._stored_rows(variants)
        self.new_rows = [self.new_row(str(number)) for number in range(_new_count(data))] if may_edit else []

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
        return self.data is not None and any(form.errors for form in forms_with_errors)

    def is_valid(self) -> bool:
        """Check every cell; messages are in the forms."""
        all_read = all([self.names.is_valid(), *(row.form.is_valid() for row in self.filled_rows)])
        if self.shared.is_valid():
            for row in self.filled_rows:
                for columns in self.columns:
                    self._check_columns(row, columns)
        if all_read:
            self._check_uniqueness()
        return not self.has_errors

    def save(self) -> list[str]:
        """Store what was changed, all of it or nothing. Gives the SKUs that changed; raises Refused."""
        with transaction.atomic():
            self._free_options()
            changed = [row.variant.sku for row in self.filled_rows if self._save_row(row)]
            if self.has_errors:
                raise Refused
        return changed

    def new_row(self, number: str) -> Row:
        """An empty row; ``number`` tells it from others."""
        initial = {"position": self.last + 1, "active": True}
        for columns in self.columns:
            initial |= {name: item.initial for name, item in columns.fields().items()}
        # The row that the script copies is never posted itself.
        data = self.data if number.isdigit() else None
        return Row(self._row_form(f"n{number}", initial, data), Variant(product=self.product))

    # Making the forms

    def _stored_rows(self, variants: list[Variant]) -> list[Row]:
        current = [(columns.current(variants), columns.notes(variants)) for columns in self.columns]
        rows = []
        for variant in variants:
            initial = own_values(variant, self.stored_names)
            notes: dict[str, str] = {}
            for values, small_print in current:
                initial |= values.get(variant.pk, {})
                notes |= small_print.get(variant.pk, {})
            rows.append(Row(self._row_form(f"v{variant.pk}", initial, self.data), variant, variant.sku, notes))
        return rows

    def _row_form(self, prefix: str, initial: dict[str, Any], data: QueryDict | None) -> SeenForm:
        fields = own_fields(self.slots, self.pictures)
        locked = set() if self.may_edit else set(fields)
        others: dict[str, forms.Field] = {}
        for columns in self.columns:
            others |= columns.fields()
        form = SeenForm(
            data,
            prefix=prefix,
            initial=initial,
            extra_fields=fields | others,
            locked=locked | (self.locked & set(others)),
        )
        form.order_fields(column_order(self.slots, others))
        return form

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

    # Checking and storing

    def _options(self, row: Row) -> list[list[str]]:
        """Raises VariantError."""
        names = [self.names.cleaned_data.get(f"name_{slot}", "") for slot in range(self.slots)]
        values = row.form.cleaned_data
        return clean_options([[name, values.get(f"option_{slot}") or ""] for slot, name in enumerate(names)])

    def _changes(self, row: Row, columns: VariantColumns) -> dict[str, Any]:
        """What ``check`` and ``save`` get to know of a row."""
        names = list(columns.fields())
        return {
            "values": {name: row.form.cleaned_data.get(name) for name in names},
            "before": {} if row.is_new else {name: row.form.initial.get(name) for name in names},
            "changed": set(row.form.changed_data) & set(names),
            "shared": self.shared.cleaned_data,
        }

    def _check_columns(self, row: Row, columns: VariantColumns) -> None:
        if set(columns.fields()) & set(row.form.errors):
            return
        changes = self._changes(row, columns)
        try:
            if changes["changed"]:
                columns.check(**changes)
        except ValidationError as error:
            self._show(row, error)

    def _check_uniqueness(self) -> None:
        skus = Counter(row.form.cleaned_data["sku"] for row in self.filled_rows)
        taken: dict[str, Row] = {}
        for row in self.filled_rows:
            sku = row.form.cleaned_data["sku"]
            if skus[sku] > 1:
                if "sku" in row.form.changed_data:
                    row.form.add_error("sku", "Another row has the same SKU.")
                continue
            try:
                options = self._options(row)
            except VariantError as error:
                row.form.add_error("option_0" if self.slots else "sku", str(error))
                continue
            if (other := taken.setdefault(repr(options), row)) is not row:
                same = ", ".join(value for _, value in options) or "no options"
                message = f"The same options as {other.label}: {same}. Shoppers could not tell them apart."
                row.form.add_error("option_0" if self.slots else "sku", message)

    def _free_options(self) -> None:
        """Two variants may exchange their options: the unique constraint must not see the state in between."""
        moving = [row.variant for row in self.rows if self._options(row) != row.variant.options]
        if len(moving) > 1:
            for variant in moving:
                Variant.objects.filter(pk=variant.pk).update(options=[["", str(variant.pk)]])

    def _save_row(self, row: Row) -> bool:
        """Whether anything in the row was changed and stored; messages of a refusal go into its form."""
        options = self._options(row)
        changes = [(columns, self._changes(row, columns)) for columns in self.columns]
        own = bool(set(row.form.changed_data) & set(OWN_FIELDS)) or options != row.variant.options
        if (own or row.is_new) and not self._save_variant(row, options):
            return False
        for columns, values in changes:
            if values["changed"]:
                own = True
                self._save_columns(row, columns, values)
        return own

    def _save_variant(self, row: Row, options: list[list[str]]) -> bool:
        values = {name: row.form.cleaned_data[name] for name in OWN_FIELDS if name in row.form.fields}
        if "image" in values:
            values["image_id"] = values.pop("image")
        if values["position"] is None:
            values["position"] = self.last + 1
        try:
            save_variant(variant=row.variant, options=options, **values)
        except VariantError as error:
            row.form.add_error("sku", str(error))
        except ValidationError as error:
            self._show(row, error)
        return not row.form.errors

    def _save_columns(self, row: Row, columns: VariantColumns, changes: dict[str, Any]) -> None:
        try:
            columns.save(variant=row.variant, user=self.user, **changes)
        except ValueError as error:
            row.form.add_error(next(name for name in columns.fields() if name in changes["changed"]), str(error))

    def _show(self, row: Row, error: ValidationError) -> None:
        """Put each message beside its field."""
        for name, messages in error.message_dict.items():
            form = self.shared if name in self.shared.fields else row.form
            shown_at = name if name in form.fields else "sku"
            if messages[0] not in form.errors.get(shown_at, []):
                form.add_error(shown_at, messages)


def _new_count(data: QueryDict | None) -> int:
    """How many new rows were posted; one is offered."""
    posted = data.get("new_rows", "1") if data is not None else "1"
    return min(int(posted), NEW_MOST) if posted.isascii() and posted.isdigit() and len(posted) < 4 else 1
