"""Making the variants of a product from the values of its options: every combination that is not there yet."""

import re
from collections.abc import Collection, Sequence
from itertools import product as combinations
from itertools import takewhile
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from shop.catalog.locks import lock_pages, lock_variants
from shop.catalog.models import ProductPage, Variant
from shop.catalog.models.variant import SKU_MAX_LENGTH, sku_validator
from shop.catalog.services import OPTIONS_MOST, VARIANTS_MOST, save_variants
from shop.catalog.variant_fields import option_names

NAME_MOST = 60
VALUE_MOST = 120
# Room for the values and a number behind the prefix.
PREFIX_MOST = 32


class GeneratorForm(forms.Form):
    """Names and values of up to three options; ``options`` has them when it is valid."""

    sku_prefix = forms.CharField(
        label="SKUs begin with",
        max_length=PREFIX_MOST,
        validators=[sku_validator],
        help_text="RUG gives RUG-SEA-LARGE.",
    )

    def __init__(self, *args: Any, product: ProductPage, **kwargs: Any) -> None:
        self.product = product
        self.variants = list(product.variants.all())
        super().__init__(*args, **kwargs)
        names = option_names(self.variants)
        self.fields["sku_prefix"].initial = (
            _beginning(self.variants) or slugify(product.title)[:PREFIX_MOST].strip("-").upper()
        )
        for slot in range(OPTIONS_MOST):
            name = names[slot] if slot < len(names) else ""
            self.fields[f"name_{slot}"] = forms.CharField(
                label=f"Option {slot + 1}", required=False, max_length=NAME_MOST, initial=name, strip=True
            )
            self.fields[f"values_{slot}"] = forms.CharField(
                label=f"Values of option {slot + 1}",
                required=False,
                max_length=VARIANTS_MOST * 40,
                initial="\n".join(_values(self.variants, name)),
                help_text="One in each line, or with commas between them.",
                widget=forms.Textarea(attrs={"rows": 5}),
            )

    @property
    def options(self) -> list[tuple[str, list[str]]]:
        """Names with their values, in order."""
        return [
            (name, values)
            for slot in range(OPTIONS_MOST)
            if (name := self.cleaned_data.get(f"name_{slot}", ""))
            and (values := split_values(self.cleaned_data.get(f"values_{slot}", "")))
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for slot in range(OPTIONS_MOST):
            values = split_values(cleaned.get(f"values_{slot}", ""))
            if values and not cleaned.get(f"name_{slot}"):
                self.add_error(f"name_{slot}", "What are these values called? Colour, Size…")
            if any(len(value) > VALUE_MOST for value in values):
                self.add_error(f"values_{slot}", f"A value has at most {VALUE_MOST} characters.")
        names = [name.casefold() for name, _ in self.options]
        if len(set(names)) < len(names):
            raise ValidationError("Two options have the same name.")
        if not names:
            raise ValidationError("Give at least one option and its values.")
        total = len(self.variants) + count_new(self.variants, self.options)
        if total > VARIANTS_MOST:
            raise ValidationError(
                f"That would be {total:,} variants; a product has at most {VARIANTS_MOST:,}. Leave out some values."
            )
        return cleaned


def split_values(text: str) -> list[str]:
    """The values of a text, each once, in order."""
    parts = re.split(r"[\n\r,;]+", text)
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def count_new(variants: Collection[Variant], options: Sequence[tuple[str, list[str]]]) -> int:
    """How many combinations of the options no variant has yet. Counts before it builds: they may be billions."""
    total = 1
    for _, values in options:
        total *= len(values)
    if total > 2 * VARIANTS_MOST:
        return total
    return len(_missing(variants, options))


@transaction.atomic
def generate(*, product: ProductPage, options: Sequence[tuple[str, list[str]]], sku_prefix: str) -> list[Variant]:
    """Make every combination that is missing, with SKUs of their values; gives the new variants in order.

    They have neither price nor stock, so that nothing is sold by accident. Raises VariantsRefused.
    """
    # The page as well: a product without variants has no others to lock.
    lock_pages([product.pk])
    lock_variants(product.pk)
    # Read anew: whoever had the lock before may have added some.
    variants = list(product.variants.order_by("position", "pk"))
    missing = _missing(variants, options)
    skus = _free_skus([_sku(sku_prefix, pairs) for pairs in missing], sku_prefix)
    last = max((variant.position for variant in variants), default=0)
    changes = [
        (Variant(product=product), {"sku": sku, "options": pairs, "position": last + number})
        for number, (sku, pairs) in enumerate(zip(skus, missing, strict=True), 1)
    ]
    return save_variants(changes=changes) if changes else []


def _missing(variants: Collection[Variant], options: Sequence[tuple[str, list[str]]]) -> list[list[list[str]]]:
    there = {frozenset((name, value) for name, value in variant.options) for variant in variants}
    pairs = [[[name, value] for value in values] for name, values in options]
    every = [list(combination) for combination in combinations(*pairs)]
    return [found for found in every if frozenset((name, value) for name, value in found) not in there]


def _values(variants: Collection[Variant], name: str) -> list[str]:
    values = (value for variant in variants for other, value in variant.options if other == name)
    return list(dict.fromkeys(values))


def _beginning(variants: Sequence[Variant]) -> str:
    """What the SKUs of these variants begin with, in whole parts: RUG-57 of RUG-57-SEA and RUG-57-RUST."""
    parts = [variant.sku.split("-") for variant in variants]
    common = [same[0] for same in takewhile(lambda several: len(set(several)) == 1, zip(*parts, strict=False))]
    # The last part of one SKU alone may well say its option.
    if len(variants) == 1 and variants[0].options:
        common = common[: -len(variants[0].options)] or common[:1]
    return "-".join(common)[:PREFIX_MOST].rstrip("-")


def _sku(prefix: str, pairs: list[list[str]]) -> str:
    # A value without a letter that slugs know (言葉) adds nothing; the number that makes it unique does.
    parts = [slugify(value).upper() for _, value in pairs]
    return "-".join([prefix, *filter(None, parts)])[: SKU_MAX_LENGTH - 6].rstrip("-")


def _free_skus(wanted: Sequence[str], prefix: str) -> list[str]:
    """The SKUs, all of which begin with the prefix, with a number behind those that are taken."""
    taken = set(Variant.objects.filter(sku__startswith=prefix).values_list("sku", flat=True))
    free = []
    for sku in wanted:
        number, candidate = 1, sku
        while candidate in taken:
            number += 1
            candidate = f"{sku}-{number}"
        taken.add(candidate)
        free.append(candidate)
    return free
