"""Makes every size of every picture that the shop's pages show, so that the first visitor waits for none."""

from collections import defaultdict

from django.conf import settings
from wagtail.models import Page

from cms import pictures, tasks
from demo.progress import Progress
from shop.catalog import listing, thumbnails
from shop.catalog.models import ProductPage


def prepare(pages: list[Page], progress: Progress) -> None:
    """Visit the pages as somebody would, make what they lack, then have the listings name it."""
    products = list(ProductPage.objects.live().values_list("pk", flat=True))
    listing.refresh(products, render=False)
    wanted: dict[int, set[str]] = defaultdict(set)
    for page in progress.over("Visits", pages):
        for image_id, sizes in tasks.missing_sizes(page).items():
            wanted[image_id] |= sizes
    with pictures.collecting() as lacking:
        for picture in listing.first_pictures(products).values():
            thumbnails.thumbnail(picture.image, thumbnails.CARD)
    for image_id, sizes in lacking.items():
        wanted[image_id] |= sizes
    for image_id in progress.over("Pictures", sorted(wanted)):
        tasks.make(image_id, sorted(wanted[image_id]))
    listing.refresh(products)
    tasks.prepare_chrome.func()


def tasks_run_at_once() -> bool:
    """Whether search entries are written as pages are, or wait for a worker that may not run yet."""
    return bool(settings.TASKS["default"]["BACKEND"].endswith("ImmediateBackend"))


def public_pages(site_root: Page) -> list[Page]:
    """What visitors see."""
    return list(Page.objects.descendant_of(site_root, inclusive=True).live().public())
