"""Makes every size of every picture that the shop's pages show, so that the first visitor waits for none."""

from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from wagtail.models import Page

from cms import tasks
from cms.models import ShopSettings
from demo.progress import Progress
from shop.catalog import listing, thumbnails
from shop.catalog.models import ProductPage


def prepare(pages: Iterable[Page], progress: Progress) -> None:
    """Visit the pages as somebody would, make what they lack, then have the listings name it."""
    wanted: dict[int, set[str]] = defaultdict(set)
    for page in progress.over("Visits", list(pages)):
        for image_id, sizes in tasks.missing_sizes(page).items():
            wanted[image_id] |= sizes
    products = list(ProductPage.objects.live().values_list("pk", flat=True))
    lacking = _without_thumbnail(products)
    for image_id in lacking:
        wanted[image_id] |= set(thumbnails.CARD_SPECS)
    for image_id in progress.over("Pictures", sorted(wanted)):
        tasks.make(image_id, sorted(wanted[image_id]))
    listing.refresh(products)
    if ShopSettings.objects.exists():
        tasks.prepare_chrome.func()


def _without_thumbnail(products: list[int]) -> set[int]:
    """The images of cards that lack a size."""
    images = {picture.image_id for picture in listing.first_pictures(products).values()}
    stored = thumbnails.stored(images, thumbnails.CARD_SPECS)
    return {pk for pk in images if not stored.get(pk, (None, False))[1]}


def tasks_run_at_once() -> bool:
    """Whether search entries are written as pages are, or wait for a worker that may not run yet."""
    return bool(settings.TASKS["default"]["BACKEND"].endswith("ImmediateBackend"))


def public_pages(site_root: Page) -> list[Page]:
    """What visitors see."""
    return list(Page.objects.descendant_of(site_root, inclusive=True).live().public())


