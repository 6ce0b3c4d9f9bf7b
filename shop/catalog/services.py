"""Writing variants. Pages are written by Wagtail."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction

from shop.catalog import listing
from shop.catalog.models import Variant
from shop.catalog.offers import registry

OPTIONS_MOST = 3


class VariantError(ValueError):
    """A variant that may not be; the message says why, in words for staff."""


@transaction.atomic
def save_variant(*, variant: Variant, **changes: Any) -> Variant:
    """Store a new variant, or change one. Stock follows a changed SKU.

    Raises VariantError where the SKU is taken or stock may not follow, ValidationError for a malformed field.
    """
    old_sku = variant.sku if variant.pk else ""
    for name, value in changes.items():
        setattr(variant, name, value)
    check_sku(variant)
    variant.options = clean_options(variant.options)
    variant.full_clean(exclude=["product", "image"], validate_unique=False, validate_constraints=False)
    variant.save()
    if old_sku and variant.sku != old_sku:
        try:
            registry.rename_sku(old_sku, variant.sku)
        except ValueError as error:
            raise VariantError(str(error)) from error
    transaction.on_commit(partial(listing.refresh, [variant.product_id]))
    return variant


def check_sku(variant: Variant) -> None:
    """Raises VariantError where another variant has the SKU."""
    owner = Variant.objects.filter(sku=variant.sku).exclude(pk=variant.pk).select_related("product").first()
    if owner is not None:
        where = "another variant" if owner.product_id == variant.product_id else f"“{owner.product.title}”"
        raise VariantError(f"{variant.sku} is the SKU of {where} already.")


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
