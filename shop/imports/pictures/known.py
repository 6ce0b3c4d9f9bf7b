"""Which of the pictures that a file names a product has already."""

from collections.abc import Collection, Iterable
from urllib.parse import unquote, urlsplit

from django.conf import settings

from cms.models import CustomImage
from shop.catalog.models import ProductImage, Variant
from shop.catalog.offers import BATCH
from shop.imports.drafts import Picture, ProductDraft, digest
from shop.imports.models import FetchedPicture


def is_address(name: str) -> bool:
    """Whether a cell names an address, not a file of an archive."""
    return "://" in name


def own_file(address: str) -> str:
    """The file name, below the media folder, of an address of this site's own originals; empty for any other."""
    base = urlsplit(settings.MEDIA_URL).path
    parts = urlsplit(address)
    own = urlsplit(settings.WAGTAILADMIN_BASE_URL).netloc
    if (parts.netloc and parts.netloc not in (own, urlsplit(settings.MEDIA_URL).netloc)) or not base:
        return ""
    path = unquote(parts.path)
    return path.removeprefix(base) if path.startswith(base) else ""


class Known:
    """Images of addresses, and which product and variant has which. Reads the database once for a batch."""

    def __init__(self, drafts: Iterable[ProductDraft], products: Collection[int]) -> None:
        addresses = {address for draft in drafts for address, _ in draft.pictures or []}
        addresses |= {item.picture for draft in drafts for item in draft.variants if item.picture}
        self._images = images_of(addresses)
        self._has: set[tuple[int, int]] = set()
        self._variants: dict[int, int] = {}
        if addresses:
            self._has = set(ProductImage.objects.filter(page__in=products).values_list("page", "image"))
            variants = Variant.objects.filter(product__in=products, image__isnull=False)
            self._variants = dict(variants.values_list("pk", "image"))

    def missing(self, product: int, pictures: Collection[Picture]) -> list[Picture]:
        """Those that the product does not show yet."""
        return [one for one in pictures if (product, self._images.get(one[0])) not in self._has]

    def is_shown(self, variant: int, address: str) -> bool:
        return variant in self._variants and self._variants[variant] == self._images.get(address)


def images_of(addresses: Collection[str]) -> dict[str, int]:
    """The images of the library that were fetched from these addresses, or are served at them."""
    found: dict[str, int] = {}
    by_digest = {digest(address): address for address in addresses}
    by_file = {file: address for address in addresses if (file := own_file(address))}
    for start in range(0, len(by_digest), BATCH):
        rows = FetchedPicture.objects.filter(address_digest__in=list(by_digest)[start : start + BATCH])
        found |= {by_digest[name]: image for name, image in rows.values_list("address_digest", "image")}
    for start in range(0, len(by_file), BATCH):
        images = CustomImage.objects.filter(file__in=list(by_file)[start : start + BATCH])
        found |= {by_file[file]: pk for file, pk in images.values_list("file", "pk")}
    return found
