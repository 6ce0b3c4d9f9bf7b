"""The columns of the variants' table that are the catalogue's own."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from cms.models import CustomImage
from shop.catalog.models import ProductPage, Variant
from shop.catalog.models.variant import SKU_MAX_LENGTH, sku_validator
from shop.catalog.services import OPTIONS_MOST

OWN_FIELDS = ("position", "sku", "active", "barcode", "weight", "image")
WEIGHT_MOST = 2_000_000  # grams; two tonnes
POSITION_MOST = 100_000


def option_names(variants: Iterable[Variant]) -> list[str]:
    """The names of all options of some variants, in the order in which they first occur."""
    names: dict[str, None] = {}
    for variant in variants:
        names |= dict.fromkeys(name for name, _ in variant.options)
    return list(names)


def option_slots(names: Sequence[str], *, spare: bool) -> int:
    """How many columns options need; with a spare one, so that an option can be added."""
    return len(names) + (1 if spare and len(names) < OPTIONS_MOST else 0)


def name_fields(slots: int) -> dict[str, forms.Field]:
    """The names of the options, which head their columns."""
    return {
        f"name_{slot}": forms.CharField(label=f"Name of option {slot + 1}", required=False, max_length=60)
        for slot in range(slots)
    }


def own_fields(slots: int, pictures: Sequence[tuple[str, str]]) -> dict[str, forms.Field]:
    """Fresh fields of one row. What identifies a variant stands first, see ``column_order``."""
    fields: dict[str, forms.Field] = {
        "position": forms.IntegerField(label="No.", min_value=0, max_value=POSITION_MOST, required=False)
    }
    for slot in range(slots):
        fields[f"option_{slot}"] = forms.CharField(label=f"Option {slot + 1}", required=False, max_length=120)
    fields["sku"] = forms.CharField(label="SKU", max_length=SKU_MAX_LENGTH, validators=[sku_validator])
    fields["barcode"] = forms.CharField(label="Barcode", max_length=32, required=False)
    fields["weight"] = forms.IntegerField(label="Weight, g", min_value=0, max_value=WEIGHT_MOST, required=False)
    if pictures:
        fields["image"] = forms.TypedChoiceField(
            label="Picture", choices=[("", "–"), *pictures], coerce=int, empty_value=None, required=False
        )
    fields["active"] = forms.BooleanField(label="Active", required=False)
    return fields


def column_order(slots: int, others: Iterable[str]) -> list[str]:
    """What a variant is, then what others know of it (price, stock), then what is seldom changed."""
    first = ["position", *(f"option_{slot}" for slot in range(slots)), "sku"]
    return [*first, *others, *(name for name in OWN_FIELDS if name not in first)]


def own_values(variant: Variant, names: Sequence[str]) -> dict[str, Any]:
    """What is stored, as the fields show it."""
    options = dict(variant.options)
    values: dict[str, Any] = {f"option_{slot}": options.get(name, "") for slot, name in enumerate(names)}
    values |= {name: getattr(variant, name) for name in OWN_FIELDS if name != "image"}
    return values | {"image": str(variant.image_id or "")}


def picture_choices(product: ProductPage, variants: Iterable[Variant]) -> list[tuple[str, str]]:
    """What a variant's picture may be: those of the product, and those that its variants have already."""
    ids = set(product.images.values_list("image_id", flat=True))
    ids |= {variant.image_id for variant in variants if variant.image_id}
    if not ids:
        return []
    images = CustomImage.objects.filter(pk__in=ids).order_by("title").values_list("pk", "title")
    return [(str(pk), title) for pk, title in images]
