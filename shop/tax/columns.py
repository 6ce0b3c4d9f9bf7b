"""The tax class beside each variant on the product's screen in the admin."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms

from shop.catalog.models import Variant
from shop.catalog.variant_columns import RowChange, VariantColumns
from shop.tax.models import TaxClass, VariantTaxClass

FIELD = "tax_class"


class TaxColumns(VariantColumns):
    """The class that a variant is taxed in; the default one where nobody has chosen."""

    code = "tax"
    permission = "tax.change_varianttaxclass"

    def fields(self) -> dict[str, forms.Field]:
        choices = [(each.pk, each.name) for each in TaxClass.objects.all() if not each.is_default]
        field = forms.TypedChoiceField(
            label="Tax", choices=[("", "Default"), *choices], coerce=int, empty_value=None, required=False
        )
        return {FIELD: field}

    def current(self, variants: Collection[Variant]) -> Mapping[int, Mapping[str, Any]]:
        found = VariantTaxClass.objects.filter(variant__in=[variant.pk for variant in variants])
        return {pk: {FIELD: tax_class} for pk, tax_class in found.values_list("variant", "tax_class")}

    def text(self, name: str, value: Any) -> str:
        found = TaxClass.objects.filter(pk=value).first() if value else None
        return found.name if found else "Default"

    def check(self, **changes: Any) -> None:
        """Any class suits any product."""

    def save(
        self,
        *,
        variant: Variant,
        values: Mapping[str, Any],
        before: Mapping[str, Any],
        changed: Collection[str],
        shared: Mapping[str, Any],
        user: Any,
    ) -> None:
        set_classes({variant.pk: values[FIELD]})

    def save_all(self, *, rows: Sequence[RowChange], shared: Mapping[str, Any], user: Any) -> dict[int, str]:
        """Two queries for all rows."""
        set_classes({row.variant.pk: row.values[FIELD] for row in rows})
        return {}


def set_classes(classes: Mapping[int, int | None]) -> None:
    """Put variants (by id) into classes (by id); None: back into the default one."""
    VariantTaxClass.objects.filter(variant__in=[pk for pk, tax_class in classes.items() if tax_class is None]).delete()
    VariantTaxClass.objects.bulk_create(
        [VariantTaxClass(variant_id=pk, tax_class_id=tax_class) for pk, tax_class in classes.items() if tax_class],
        update_conflicts=True,
        unique_fields=["variant"],
        update_fields=["tax_class"],
    )
