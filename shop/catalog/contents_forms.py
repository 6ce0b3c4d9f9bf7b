"""Forms for what a bundle consists of and for what buyers download."""

from collections.abc import Iterable
from typing import Any

from django import forms

from shop.catalog.bundles import COMPONENTS_MOST, UNITS_MOST, Part
from shop.catalog.models import DigitalFile
from shop.catalog.models.variant import SKU_MAX_LENGTH

EMPTY_ROWS = 4


class ComponentForm(forms.Form):
    """One component. A row without a SKU is none."""

    sku = forms.CharField(label="SKU", max_length=SKU_MAX_LENGTH, required=False)
    quantity = forms.IntegerField(label="Units", min_value=1, max_value=UNITS_MOST, required=False)


class BaseComponentFormSet(forms.BaseFormSet):
    """Every SKU once."""

    def clean(self) -> None:
        seen: set[str] = set()
        for form in self.forms:
            sku = form.cleaned_data.get("sku") if hasattr(form, "cleaned_data") else None
            if sku and sku in seen:
                form.add_error("sku", f"{sku} is named twice: add its units up in one row.")
            seen.add(sku or "")

    @property
    def quantities(self) -> dict[str, int]:
        """Units per SKU in the order of the rows; a row without units means one. Only of a valid set."""
        return {
            form.cleaned_data["sku"]: form.cleaned_data.get("quantity") or 1
            for form in self.forms
            if form.cleaned_data.get("sku")
        }

    def refuse(self, sku: str, message: str) -> None:
        """Put a message beside the row of a SKU, or above all rows."""
        for form in self.forms:
            if sku and form.cleaned_data.get("sku") == sku:
                form.add_error("sku", message)
                return
        self.non_form_errors().append(message)


ComponentFormSet: Any = forms.formset_factory(
    ComponentForm,
    formset=BaseComponentFormSet,
    extra=EMPTY_ROWS,
    max_num=COMPONENTS_MOST,
    absolute_max=COMPONENTS_MOST + EMPTY_ROWS,
)


def component_rows(parts: Iterable[Part]) -> list[dict[str, Any]]:
    """What the rows begin with."""
    return [{"sku": part.sku, "quantity": part.quantity} for part in parts]


class DownloadForm(forms.Form):
    """Whether a variant is a download, a file to add, and files that new buyers no longer get."""

    digital = forms.BooleanField(label="Sold as a download: no stock, no delivery", required=False)
    file = forms.FileField(label="Add a file", required=False, allow_empty_file=True)
    title = forms.CharField(
        label="What buyers call it", max_length=120, required=False, help_text="Empty: the file's name."
    )
    retired = forms.ModelMultipleChoiceField(
        queryset=DigitalFile.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, sku: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        retired: Any = self.fields["retired"]
        retired.queryset = DigitalFile.objects.filter(sku=sku, current=True)
