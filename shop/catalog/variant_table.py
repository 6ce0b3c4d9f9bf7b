"""The table of a product's variants in the admin: what is shown, what may be changed, and storing it as a whole."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict

from shop.catalog.locks import lock_variants
from shop.catalog.models import ProductPage, Variant
from shop.catalog.models.variant import SKU_MAX_LENGTH, sku_validator
from shop.catalog.seen_forms import SeenForm
from shop.catalog.services import OPTIONS_MOST, VariantError, clean_options, option_names, save_variant
from shop.catalog.variant_columns import VariantColumns, registered

# New variants in one save.
NEW_MOST = 50
WEIGHT_MOST = 2_000_000  # grams; two tonnes
OWN = ("position", "sku", "barcode", "weight", "image", "active")


@dataclass
class Row:
    """One variant of the table, stored or new, with the form that holds all its columns."""

    form: SeenForm
    variant: Variant
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        return self.variant.pk is None

    @property
    def label(self) -> str:
        """How the row is called in messages and for screen readers."""
        return self.variant.sku or "new variant"


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
        self.stored_names = option_names(product)
        # One spare column, so that an option can be added.
        self.slots = len(self.stored_names) + (1 if may_edit and len(self.stored_names) < OPTIONS_MOST else 0)
        self.pictures = _pictures(product, variants)
        self.names = self._names_form()
        self.shared = self._shared_form()
        self.rows = self._rows(variants)
        self.new_rows = self._new_rows(variants) if may_edit else []

    @property
    def may_change(self) -> bool:
        """Whether this user may change anything in it."""
        return self.may_edit or any(self.user.has_perm(columns.permission) for columns in self.columns)

    @property
    def filled_rows(self) -> list[Row]:
        """Stored rows, and the new ones in which something was typed."""
        return [*self.rows, *(row for row in self.new_rows if row.form.has_changed())]

    def is_valid(self) -> bool:
        """Check every cell; messages are in the forms."""
        forms_valid = [
            self.names.is_valid(),
            self.shared.is_valid(),
            *(row.form.is_valid() for row in self.filled_rows),
        ]
        if not all(forms_valid):
            return False
        self._check_uniqueness()
        return not any(row.form.errors for row in self.filled_rows) and not self.names.errors

    def save(self) -> list[str]:
        """Store what was changed, all of it or nothing. Gives the SKUs that changed; raises Refused."""
        with transaction.atomic():
            self._free_options()
            changed = [row.variant.sku for row in self.filled_rows if self._save_row(row)]
            if any(row.form.errors for row in self.filled_rows):
                raise Refused
        return changed

    # Making the forms

    def _rows(self, variants: list[Variant]) -> list[Row]:
        current = [(columns.current(variants), columns.notes(variants)) for columns in self.columns]
        rows = []
        for variant in variants:
            initial = self._own_values(variant)
            notes: dict[str, str] = {}
            for values, small_print in current:
                initial |= values.get(variant.pk, {})
                notes |= small_print.get(variant.pk, {})
            rows.append(Row(self._row_form(f"v{variant.pk}", initial), variant, notes))
        return rows

    def _new_rows(self, variants: list[Variant]) -> list[Row]:
        last = max((variant.position for variant in variants), default=0)
        count = _new_count(self.data)
        return [
            Row(
                self._row_form(f"n{number}", {"position": last + number + 1, "active": True}),
                Variant(product=self.product),
            )
            for number in range(count)
        ]

    def _row_form(self, prefix: str, initial: dict[str, Any]) -> SeenForm:
        fields = self._own_fields()
        locked = set() if self.may_edit else set(fields)
        for columns in self.columns:
            fields |= columns.fields()
        # A new row that stays empty is nobody's mistake.
        unfilled = prefix.startswith("n")
        return SeenForm(
            self.data,
            prefix=prefix,
            initial=initial,
            extra_fields=fields,
            locked=locked | (self.locked & set(fields)),
            use_required_attribute=False,
            empty_permitted=unfilled,
        )

    def _own_fields(self) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {
            "position": forms.IntegerField(label="No.", min_value=0, max_value=10_000),
            **{
                f"option_{slot}": forms.CharField(label="", required=False, max_length=120)
                for slot in range(self.slots)
            },
            "sku": forms.CharField(label="SKU", max_length=SKU_MAX_LENGTH, validators=[sku_validator]),
            "barcode": forms.CharField(label="Barcode", max_length=32, required=False),
            "weight": forms.IntegerField(label="Weight (g)", min_value=0, max_value=WEIGHT_MOST, required=False),
        }
        if self.pictures:
            choices = [("", "—"), *self.pictures]
            fields["image"] = forms.TypedChoiceField(
                label="Picture", choices=choices, coerce=int, empty_value=None, required=False
            )
        fields["active"] = forms.BooleanField(label="Sold", required=False)
        return fields

    def _own_values(self, variant: Variant) -> dict[str, Any]:
        options = dict(variant.options)
        return {
            **{f"option_{slot}": options.get(name, "") for slot, name in enumerate(self.stored_names)},
            **{name: getattr(variant, name) for name in OWN if name != "image"},
            "image": variant.image_id,
        }

    def _names_form(self) -> SeenForm:
        fields: dict[str, forms.Field] = {
            f"name_{slot}": forms.CharField(label=f"Option {slot + 1}", required=False, max_length=60)
            for slot in range(self.slots)
        }
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

    def _names(self) -> list[str]:
        return [self.names.cleaned_data.get(f"name_{slot}", "") for slot in range(self.slots)]

    def _options(self, row: Row) -> list[list[str]]:
        """Raises VariantError."""
        values = row.form.cleaned_data
        return clean_options([[name, values.get(f"option_{slot}") or ""] for slot, name in enumerate(self._names())])

    def _check_uniqueness(self) -> None:
        skus = Counter(row.form.cleaned_data["sku"] for row in self.filled_rows)
        taken: dict[str, Row] = {}
        for row in self.filled_rows:
            if skus[row.form.cleaned_data["sku"]] > 1:
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
        changed = set(row.form.changed_data)
        own = changed & set(OWN)
        options = self._options(row)
        if own or options != row.variant.options or row.is_new:
            changed.add("options")
            if not self._save_variant(row, options):
                return False
        for columns in self.columns:
            self._save_columns(row, columns, changed & set(columns.fields()))
        return bool(changed)

    def _save_variant(self, row: Row, options: list[list[str]]) -> bool:
        values = {name: row.form.cleaned_data[name] for name in OWN if name in row.form.fields and name != "image"}
        if "image" in row.form.fields:
            values["image_id"] = row.form.cleaned_data["image"]
        try:
            save_variant(variant=row.variant, options=options, **values)
        except VariantError as error:
            row.form.add_error("sku", str(error))
            return False
        return True

    def _save_columns(self, row: Row, columns: VariantColumns, changed: set[str]) -> None:
        if not changed:
            return
        shared: Mapping[str, Any] = self.shared.cleaned_data
        values = {name: row.form.cleaned_data[name] for name in columns.fields()}
        try:
            with transaction.atomic():
                columns.save(variant=row.variant, values=values, changed=changed, shared=shared, user=self.user)
        except ValidationError as error:
            row.form.add_error(None, error)
        except ValueError as error:
            row.form.add_error(next(name for name in columns.fields() if name in changed), str(error))


def _new_count(data: QueryDict | None) -> int:
    """How many new rows were posted; one is offered."""
    posted = data.get("new_rows", "1") if data is not None else "1"
    return min(int(posted), NEW_MOST) if posted.isascii() and posted.isdigit() and len(posted) < 4 else 1


def _pictures(product: ProductPage, variants: list[Variant]) -> list[tuple[int, str]]:
    """What a variant's picture may be: those of the product, and those that variants have already."""
    from cms.models import CustomImage

    ids = set(product.images.values_list("image_id", flat=True)) | {v.image_id for v in variants if v.image_id}
    return list(CustomImage.objects.filter(pk__in=ids).order_by("title").values_list("pk", "title")) if ids else []
