"""What follows a SKU to its new name in the catalogue. Whoever moves its stock calls this in the same transaction."""

from shop.catalog.models import BundleComponent, DigitalFile


def follow_sku(old: str, new: str) -> None:
    """Bundles that contain it, and what its buyers download."""
    BundleComponent.objects.filter(sku=old).update(sku=new)
    DigitalFile.objects.filter(sku=old).update(sku=new)
