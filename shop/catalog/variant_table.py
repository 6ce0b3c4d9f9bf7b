"""Checking and storing what was typed into the variants' table, as a whole."""

from collections import Counter
from collections.abc import Callable, Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from shop.catalog.models import Variant
from shop.catalog.services import BATCH, VariantError, VariantsRefused, clean_options, save_variants
from shop.catalog.variant_columns import RowChange, VariantColumns
from shop.catalog.variant_fields import OWN_FIELDS
from shop.catalog.variant_rows import Row, VariantRows


class Refused(Exception):
    """Something in the table may not be stored; the forms carry the messages."""


class VariantTable(VariantRows):
    """The rows with what may be stored of them: everything that was typed, or nothing."""

    def is_valid(self) -> bool:
        """Check every cell; messages are in the forms."""
        if self.unreadable:
            return False
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
            moved = self._moved_options()
            self._free_options(moved)
            changed = self._save_variants(moved)
            for columns in self.columns:
                changed |= self._save_columns(columns)
            if self.has_errors:
                raise Refused
        return [
            variant.sku
            for variant in [*self.variants, *(row.variant for row in self.new_rows)]
            if variant.pk in changed
        ]

    def _options(self, row: Row) -> list[list[str]]:
        """Raises VariantError."""
        return self._named(lambda slot: row.form.cleaned_data.get(f"option_{slot}") or "")

    def _kept_options(self, variant: Variant) -> list[list[str]]:
        """The options of a variant that is not among the rows, under the names that are typed now."""
        stored = dict(variant.options)
        known = dict(enumerate(self.stored_names))
        return self._named(lambda slot: stored.get(known.get(slot, ""), ""))

    def _named(self, value: Callable[[int], str]) -> list[list[str]]:
        names = [self.names.cleaned_data.get(f"name_{slot}", "") for slot in range(self.slots)]
        return clean_options([[name, value(slot)] for slot, name in enumerate(names)])

    def _others(self) -> list[Variant]:
        """The variants that are not among the rows."""
        rows = {row.variant.pk for row in self.rows}
        return [variant for variant in self.variants if variant.pk not in rows]

    def _changes(self, row: Row, columns: VariantColumns) -> dict[str, Any]:
        """What ``check`` and ``save`` get to know of a row."""
        names = list(self.column_fields[columns.code])
        return {
            "values": {name: row.form.cleaned_data.get(name) for name in names},
            "before": {} if row.is_new else {name: row.form.initial.get(name) for name in names},
            "changed": set(row.form.changed_data) & set(names),
            "shared": self.shared.cleaned_data,
        }

    def _check_columns(self, row: Row, columns: VariantColumns) -> None:
        if set(self.column_fields[columns.code]) & set(row.form.errors):
            return
        changes = self._changes(row, columns)
        try:
            if changes["changed"]:
                columns.check(**changes)
        except ValidationError as error:
            self._show(row, error)

    def _check_uniqueness(self) -> None:
        others = self._others()
        skus = Counter(row.form.cleaned_data["sku"] for row in self.filled_rows)
        skus.update(variant.sku for variant in others)
        taken: dict[str, str] = {}
        try:
            for variant in others:
                taken[repr(self._kept_options(variant))] = variant.sku
        except VariantError as error:
            self.names.add_error("name_0", str(error))
            return
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
            if (other := taken.get(key := repr(options))) is None:
                taken[key] = row.label
            else:
                same = ", ".join(value for _, value in options) or "no options"
                message = f"The same options as {other}: {same}. Shoppers could not tell them apart."
                row.form.add_error("option_0" if self.slots else "sku", message)

    def _moved_options(self) -> dict[int, list[list[str]]]:
        """The new options of stored variants whose options change, be it because an option was renamed."""
        found = {row.variant.pk: self._options(row) for row in self.rows}
        if self.names.changed_data:
            found |= {variant.pk: self._kept_options(variant) for variant in self._others()}
        return {
            variant.pk: found[variant.pk]
            for variant in self.variants
            if found.get(variant.pk, variant.options) != variant.options
        }

    def _free_options(self, moved: Collection[int]) -> None:
        """Variants may exchange their options: the unique constraint must not see the state in between."""
        if len(moved) > 1:
            stand_in = [Variant(pk=pk, options=[["", str(pk)]]) for pk in moved]
            Variant.objects.bulk_update(stand_in, ["options"], batch_size=BATCH)

    def _save_variants(self, moved: dict[int, list[list[str]]]) -> set[int]:
        """Store what is the catalogue's own; gives the ids of what changed. Refusals go into the forms."""
        rows = {}
        changes: list[tuple[Variant, dict[str, Any]]] = []
        for row in self.filled_rows:
            values = self._own_changes(row)
            if row.is_new:
                values["options"] = self._options(row)
            elif row.variant.pk in moved:
                values["options"] = moved.pop(row.variant.pk)
            if values:
                rows[len(changes)] = row
                changes.append((row.variant, values))
        changes += [(variant, {"options": moved[variant.pk]}) for variant in self.variants if variant.pk in moved]
        try:
            return {variant.pk for variant in save_variants(changes=changes)} if changes else set()
        except VariantsRefused as refused:
            for place, reason in refused.reasons.items():
                self._refuse(rows.get(place), reason)
            raise Refused from refused

    def _own_changes(self, row: Row) -> dict[str, Any]:
        names = OWN_FIELDS if row.is_new else row.form.changed_data
        values = {name: row.form.cleaned_data[name] for name in names if name in OWN_FIELDS and name in row.form.fields}
        if "image" in values:
            values["image_id"] = values.pop("image")
        if "position" in values and values["position"] is None:
            values["position"] = self.last + 1
        return values

    def _refuse(self, row: Row | None, reason: VariantError | ValidationError) -> None:
        if row is None:
            self.names.add_error(None, str(reason))
        elif isinstance(reason, ValidationError):
            self._show(row, reason)
        else:
            row.form.add_error("sku", str(reason))

    def _save_columns(self, columns: VariantColumns) -> set[int]:
        """Store a room's columns; gives the ids of what changed. Refusals go into the forms."""
        rows = {}
        for row in self.filled_rows:
            changes = self._changes(row, columns)
            if changes["changed"]:
                rows[row.variant.pk] = (
                    row,
                    RowChange(row.variant, changes["values"], changes["before"], changes["changed"]),
                )
        if not rows:
            return set()
        found = [change for _, change in rows.values()]
        refused = columns.save_all(rows=found, shared=self.shared.cleaned_data, user=self.user)
        for pk, message in refused.items():
            row, change = rows[pk]
            row.form.add_error(
                next(name for name in self.column_fields[columns.code] if name in change.changed), message
            )
        return set(rows)

    def _show(self, row: Row, error: ValidationError) -> None:
        """Put each message beside its field."""
        for name, messages in error.message_dict.items():
            form = self.shared if name in self.shared.fields else row.form
            shown_at = name if name in form.fields else "sku"
            if messages[0] not in form.errors.get(shown_at, []):
                form.add_error(shown_at, messages)
