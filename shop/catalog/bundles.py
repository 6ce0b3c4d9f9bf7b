"""Products that consist of others: a bundle has a price of its own and takes its stock from its components."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial

from django.db import transaction

from shop.catalog import listing
from shop.catalog.addresses import page_addresses
from shop.catalog.locks import lock_variants
from shop.catalog.models import BundleComponent, Variant

# Different SKUs in one bundle, and units of one of them.
COMPONENTS_MOST = 20
UNITS_MOST = 99


class BundleError(ValueError):
    """Contents that a bundle may not have; ``sku`` is the one at fault, the message is for staff."""

    def __init__(self, sku: str, message: str) -> None:
        self.sku = sku
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Part:
    """So many units of a SKU in one unit of a bundle. ``url`` is empty where the product has no public page."""

    sku: str
    quantity: int
    title: str
    options_label: str = ""
    url: str = ""
    digital: bool = False


def parts_of(variant_ids: Collection[int]) -> dict[int, tuple[Part, ...]]:
    """The parts of these variants; those that are no bundles are left out. Two queries, one where none is."""
    components = list(BundleComponent.objects.filter(bundle__in=variant_ids))
    if not components:
        return {}
    known = {
        variant.sku: variant
        for variant in Variant.objects.filter(sku__in={each.sku for each in components}).select_related("product")
    }
    address = page_addresses()
    found: dict[int, tuple[Part, ...]] = {}
    for each in components:
        variant = known.get(each.sku)
        part = Part(
            sku=each.sku,
            quantity=each.quantity,
            title=variant.product.title if variant else each.sku,
            options_label=variant.options_label if variant else "",
            url=address(variant.product.url_path) if variant and variant.product.live else "",
            digital=bool(variant and variant.digital),
        )
        found[each.bundle_id] = (*found.get(each.bundle_id, ()), part)
    return found


@transaction.atomic
def set_components(*, variant: Variant, quantities: Mapping[str, int]) -> None:
    """Make a variant consist of these units per SKU, in this order; nothing makes it an ordinary variant again.

    Raises BundleError. Orders that were placed before keep what they were placed with.
    """
    locked = {each.pk: each for each in lock_variants(variant.product_id)}
    _check(variant, quantities)
    if quantities and locked[variant.pk].digital:
        raise BundleError("", f"{variant.sku} is a download. Put it into a bundle as a component instead.")
    BundleComponent.objects.filter(bundle=variant).delete()
    BundleComponent.objects.bulk_create(
        BundleComponent(bundle=variant, sku=sku, quantity=quantity, position=position)
        for position, (sku, quantity) in enumerate(quantities.items())
    )
    transaction.on_commit(partial(listing.refresh, [variant.product_id]))


def _check(variant: Variant, quantities: Mapping[str, int]) -> None:
    if len(quantities) > COMPONENTS_MOST:
        raise BundleError("", f"A bundle has at most {COMPONENTS_MOST} different components.")
    if quantities and (inside := BundleComponent.objects.filter(sku=variant.sku).select_related("bundle").first()):
        raise BundleError("", f"{variant.sku} is in the bundle {inside.bundle.sku}, so it cannot be a bundle itself.")
    known = set(Variant.objects.filter(sku__in=quantities).values_list("sku", flat=True))
    nested = set(BundleComponent.objects.filter(bundle__sku__in=quantities).values_list("bundle__sku", flat=True))
    for sku, quantity in quantities.items():
        if sku == variant.sku:
            raise BundleError(sku, "A bundle cannot contain itself.")
        if sku not in known:
            raise BundleError(sku, f"There is no SKU {sku}.")
        if sku in nested:
            raise BundleError(sku, f"{sku} is a bundle. Name what is in it instead.")
        if not 1 <= quantity <= UNITS_MOST:
            raise BundleError(sku, f"Enter a quantity from 1 to {UNITS_MOST}.")


def turned_by(changes: Mapping[str, int], sellable: Mapping[str, int]) -> set[int]:
    """Products with a bundle that has just become available or unavailable.

    ``changes`` are units added per SKU (negative where they went), ``sellable`` the units that can be sold now.
    """
    rows = BundleComponent.objects.filter(sku__in=sellable).values_list("sku", "quantity", "bundle__product_id")
    return {
        product
        for sku, quantity, product in rows
        if (sellable[sku] >= quantity) != (sellable[sku] - changes.get(sku, 0) >= quantity)
    }


def products_with(skus: Collection[str]) -> set[int]:
    """Products with a bundle that contains one of these SKUs."""
    return set(BundleComponent.objects.filter(sku__in=skus).values_list("bundle__product_id", flat=True))
