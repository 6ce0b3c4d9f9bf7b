"""Digital goods: variants without stock and without delivery, whose buyers download files."""

from collections.abc import Collection
from functools import partial
from pathlib import PurePath

from django.core.files import File
from django.db import transaction

from shop.catalog import listing
from shop.catalog.locks import lock_variants
from shop.catalog.models import BundleComponent, DigitalFile, Variant

# Bytes of one file, and current files of one SKU.
FILE_SIZE_MOST = 200 * 1024 * 1024
FILES_MOST = 20


class DigitalError(ValueError):
    """Something that a digital product may not be; the message is for staff."""


def current_files(skus: Collection[str]) -> list[DigitalFile]:
    """What buyers of these SKUs get, in the order in which it was added; one query."""
    return list(DigitalFile.objects.filter(sku__in=skus, current=True))


@transaction.atomic
def add_file(*, sku: str, file: File, title: str = "") -> DigitalFile:
    """Keep a file for the buyers of a SKU. Raises DigitalError for one that is empty or too large.

    The title is the file's name where none is given.
    """
    size = file.size or 0
    name = "".join(char for char in PurePath(file.name or "").name if char.isprintable())
    if not name or not size:
        raise DigitalError(f"{name or 'The file'} is empty.")
    if size > FILE_SIZE_MOST:
        raise DigitalError(f"{name} has more than {FILE_SIZE_MOST // 1024**2} MB.")
    if DigitalFile.objects.filter(sku=sku, current=True).count() >= FILES_MOST:
        raise DigitalError(f"A product has at most {FILES_MOST} files.")
    return DigitalFile.objects.create(sku=sku, title=(title or PurePath(name).stem)[:120], file=file, size=size)


@transaction.atomic
def retire_files(*, sku: str, file_ids: Collection[int]) -> None:
    """Give these files to no further buyer. Those who have bought them keep them."""
    DigitalFile.objects.filter(sku=sku, pk__in=file_ids).update(current=False)


@transaction.atomic
def set_digital(*, variant: Variant, digital: bool) -> None:
    """Sell a variant as a download, or as a thing again.

    Raises DigitalError for a download without a file and for a bundle. Orders that were placed before stay as they are.
    """
    lock_variants(variant.product_id)
    if digital and not DigitalFile.objects.filter(sku=variant.sku, current=True).exists():
        raise DigitalError("Add the file that buyers download first.")
    if digital and BundleComponent.objects.filter(bundle=variant).exists():
        raise DigitalError(f"{variant.sku} is a bundle. Put the download into it as a component instead.")
    if digital != variant.digital:
        variant.digital = digital
        variant.save(update_fields=["digital"])
    bundled = BundleComponent.objects.filter(sku=variant.sku).values_list("bundle__product_id", flat=True)
    transaction.on_commit(partial(listing.refresh, [variant.product_id, *bundled]))
