"""What arrives with a change to the cart. Rubbish ends here, with words for the buyer."""

from django import forms

from shop.cart.limits import MAX_QUANTITY_PER_LINE
from shop.catalog.models.variant import SKU_MAX_LENGTH

_UNKNOWN = "That product is not sold here."


def _range(least: int) -> dict[str, str]:
    message = f"Enter a quantity from {least} to {MAX_QUANTITY_PER_LINE}."
    return dict.fromkeys(("required", "invalid", "min_value", "max_value"), message)


class SkuForm(forms.Form):
    """Which line."""

    sku = forms.CharField(
        max_length=SKU_MAX_LENGTH,
        error_messages={
            "required": "Choose which one you would like.",
            "max_length": _UNKNOWN,
            "null_characters_not_allowed": _UNKNOWN,
        },
    )

    @property
    def first_error(self) -> str:
        """The first thing that is wrong, in words for the buyer."""
        return str(next(iter(self.errors.values()))[0])


class AddForm(SkuForm):
    """One unit unless it says otherwise."""

    quantity = forms.IntegerField(
        required=False, min_value=1, max_value=MAX_QUANTITY_PER_LINE, error_messages=_range(1)
    )

    def clean_quantity(self) -> int:
        quantity: int | None = self.cleaned_data["quantity"]
        return 1 if quantity is None else quantity


class UpdateForm(SkuForm):
    """The quantity to have from now on; 0 takes the line out."""

    quantity = forms.IntegerField(min_value=0, max_value=MAX_QUANTITY_PER_LINE, error_messages=_range(0))
