"""Makes every size of every picture that the shop's pages show, so that the first visitor waits for none."""

import os
from collections import defaultdict
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import connection, connections
from wagtail.models import Page

from cms import pictures, tasks
from demo.progress import Progress
from shop.catalog import listing, thumbnails
from shop.catalog.models import ProductPage

# Each worker holds one picture in memory, decoded.
WORKERS_MOST = 8


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
    make_pictures(wanted, progress)
    listing.refresh(products)
    tasks.prepare_chrome.func()


def make_pictures(wanted: Mapping[int, Collection[str]], progress: Progress) -> None:
    """On every core: the encoders work outside Python's lock. Other threads see what is committed, so not in a test's
    transaction."""
    workers = 1 if connection.in_atomic_block else min(os.cpu_count() or 1, WORKERS_MOST)
    if workers == 1:
        for image_id in progress.over("Pictures", sorted(wanted)):
            tasks.make(image_id, sorted(wanted[image_id]))
        return
    with ThreadPoolExecutor(workers, thread_name_prefix="pictures") as pool:
        jobs = [pool.submit(make_picture, image_id, sorted(wanted[image_id])) for image_id in sorted(wanted)]
        for job in progress.over("Pictures", jobs):
            job.result()


def make_picture(image_id: int, sizes: Collection[str]) -> None:
    """In a thread, which has a database connection of its own."""
    try:
        tasks.make(image_id, sizes)
    finally:
        connections.close_all()


def tasks_run_at_once() -> bool:
    """Whether search entries are written as pages are, or wait for a worker that may not run yet."""
    return bool(settings.TASKS["default"]["BACKEND"].endswith("ImmediateBackend"))


def public_pages(site_root: Page) -> list[Page]:
    """What visitors see."""
    return list(Page.objects.descendant_of(site_root, inclusive=True).live().public())
