"""Writing variants. Pages are written by Wagtail."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import ReferenceIndex

from shop.catalog import listing
from shop.catalog.models import Variant
from shop.catalog.offers import registry

OPTIONS_MOST = 3
# Per product. Beyond it the shop's page and the editors' table are no help any more.
VARIANTS_MOST = 2_000
# Rows in one statement.
BATCH = 500


class VariantError(ValueError):
    """A variant that may not be; the message says why, in words for staff."""


class VariantsRefused(Exception):
    """Some of the variants may not be stored, and so none of them was; ``reasons`` by place among those given."""

    def __init__(self, reasons: Mapping[int, VariantError | ValidationError]) -> None:
        self.reasons = dict(reasons)
        super().__init__(f"{len(self.reasons)} variants may not be stored.")


@transaction.atomic
def save_variants(*, changes: Sequence[tuple[Variant, Mapping[str, Any]]]) -> list[Variant]:
    """Store variants with the fields given, new ones and changed ones: a handful of queries for thousands.

    Stock follows a changed SKU. Raises VariantsRefused with a VariantError where a SKU is taken, stock may not follow
    or a product would have too many variants, with a ValidationError for a malformed field.
    """
    names = {variant.pk: variant.sku for variant, _ in changes if variant.pk}
    pictured = [variant for variant, values in changes if values.get("image_id", variant.image_id) != variant.image_id]
    for variant, values in changes:
        for name, value in values.items():
            setattr(variant, name, value)
    variants = [variant for variant, _ in changes]
    reasons = check_skus(variants) | _check_fields(variants) | _check_number(variants)
    if reasons:
        raise VariantsRefused(reasons)
    Variant.objects.bulk_create([variant for variant in variants if variant.pk is None], batch_size=BATCH)
    fields = sorted({name for variant, values in changes if variant.pk in names for name in values})
    if fields:
        known = [variant for variant in variants if variant.pk in names]
        Variant.objects.bulk_update(known, fields, batch_size=BATCH)
    for variant in pictured:
        # Wagtail hears of a reference to a picture from single saves only.
        ReferenceIndex.create_or_update_for_object(variant)
    _follow_skus(variants, names)
    products = sorted({variant.product_id for variant in variants})
    transaction.on_commit(partial(listing.refresh, products))
    return variants


def check_skus(variants: Sequence[Variant]) -> dict[int, VariantError | ValidationError]:
    """By place: why a SKU may not be, because another variant has it."""
    owners: dict[str, Variant] = {}
    skus = [variant.sku for variant in variants]
    for start in range(0, len(skus), BATCH):
        found = Variant.objects.filter(sku__in=skus[start : start + BATCH]).select_related("product")
        owners |= {variant.sku: variant for variant in found}
    reasons: dict[int, VariantError | ValidationError] = {}
    for place, variant in enumerate(variants):
        owner = owners.get(variant.sku)
        if owner is not None and owner.pk != variant.pk:
            where = "another variant" if owner.product_id == variant.product_id else f"“{owner.product.title}”"
            reasons[place] = VariantError(f"{variant.sku} is the SKU of {where} already.")
    return reasons


def _check_fields(variants: Sequence[Variant]) -> dict[int, VariantError | ValidationError]:
    reasons: dict[int, VariantError | ValidationError] = {}
    for place, variant in enumerate(variants):
        try:
            variant.options = clean_options(variant.options)
            variant.full_clean(exclude=["product", "image"], validate_unique=False, validate_constraints=False)
        except (VariantError, ValidationError) as error:
            reasons[place] = error
    return reasons


def _check_number(variants: Sequence[Variant]) -> dict[int, VariantError | ValidationError]:
    """Refuse the new variants of a product that would have too many."""
    new: dict[int, list[int]] = {}
    for place, variant in enumerate(variants):
        if variant.pk is None:
            new.setdefault(variant.product_id, []).append(place)
    reasons: dict[int, VariantError | ValidationError] = {}
    for product_id, places in new.items():
        there = Variant.objects.filter(product=product_id).count()
        if there + len(places) > VARIANTS_MOST:
            message = f"A product has at most {VARIANTS_MOST:,} variants; this one has {there:,} already."
            reasons[places[0]] = VariantError(message)
    return reasons


def _follow_skus(variants: Sequence[Variant], names: Mapping[int, str]) -> None:
    """Let stock follow. Raises VariantsRefused."""
    reasons: dict[int, VariantError | ValidationError] = {}
    for place, variant in enumerate(variants):
        if (old := names.get(variant.pk)) and old != variant.sku:
            try:
                registry.rename_sku(old, variant.sku)
            except ValueError as error:
                reasons[place] = VariantError(str(error))
    if reasons:
        raise VariantsRefused(reasons)


def clean_options(options: Sequence[Sequence[str]]) -> list[list[str]]:
    """Trimmed, without options that have no value. Raises VariantError for a repeated or a fourth name."""
    cleaned = [[name.strip(), value.strip()] for name, value in options if value.strip()]
    names = [name.casefold() for name, _ in cleaned]
    if not all(names):
        raise VariantError("An option with a value needs a name.")
    if len(set(names)) < len(names):
        raise VariantError("Two options have the same name.")
    if len(cleaned) > OPTIONS_MOST:
        raise VariantError(f"A variant has at most {OPTIONS_MOST} options.")
    return cleaned
