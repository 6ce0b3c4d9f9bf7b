"""Loads the whole demo shop, once; a second time there is nothing left to do."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from wagtail.models import Page, Site

from cms.uploads import sizes_later
from demo import visits
from demo.catalogue import CatalogueLoader
from demo.content import Content, ContentError
from demo.library import Library, named_pictures
from demo.merchandising import Merchandising
from demo.offers import load_promotions
from demo.pages import SOCIAL_CARD, PageLoader, load_bank_account, load_delivery, load_settings
from demo.people import load_people, load_workflow
from demo.progress import Progress
from demo.stockroom import load_stockroom
from home.models import HomePage

LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


def load(content: Content, progress: Progress, *, missing: bool = False) -> bool:
    """Load what a new shop lacks; True where there was something to do.

    Once the home page has a body the shop is taken as loaded, and what people have changed or deleted since stays
    so. ``missing`` brings deleted things back. All of it is one transaction: an interrupted load leaves nothing.
    """
    home = home_page()
    fresh = not home.body
    set_address(fresh)
    load_people()
    if not fresh and not missing:
        return False
    with quiet_logs(), sizes_later():
        with transaction.atomic():
            load_content(content, home, progress)
        if not visits.tasks_run_at_once():
            call_command("update_index", verbosity=0)
        visits.prepare(visits.public_pages(home), progress)
    return True


def load_content(content: Content, home: HomePage, progress: Progress) -> None:
    """Pictures, catalogue, pages and surroundings, in the order in which they name each other."""
    library = Library(content.images)
    pictures = named_pictures(content)
    if any((content.images / f"{SOCIAL_CARD}{suffix}").exists() for suffix in (".webp", ".png", ".jpg")):
        pictures.setdefault(SOCIAL_CARD, "")
    for name in progress.over("Uploads", list(pictures)):
        library.add(name, pictures[name])
    site = Site.objects.get(root_page=home)
    load_settings(content.pages, library, site)
    load_delivery(content.pages)
    load_bank_account(content.pages, site)
    merchandising = Merchandising(content.merchandising, content.files)
    merchandising.define()
    catalogue = CatalogueLoader(content.catalogue, library, progress, dress=merchandising.dress)
    catalogue.load(home)
    load_stockroom()
    merchandising.load(home, catalogue.products, library)
    load_promotions(content.merchandising.get("promotions", []))
    PageLoader(content.pages, library, progress).load(home, {**catalogue.categories, **catalogue.products})
    load_workflow()


def home_page() -> HomePage:
    """The root page of the default site. Raises ContentError where that is not a home page of this project."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    page: Page | None = site.root_page.specific if site else None
    if not isinstance(page, HomePage):
        raise ContentError("The default site has no home page: run `manage.py migrate` on an empty database first.")
    return page


def set_address(fresh: bool) -> None:
    """Give the site the host and port of ``BASE_URL``, unless somebody has moved it to an address of its own."""
    address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    site = Site.objects.get(is_default_site=True)
    if fresh or site.hostname in LOCAL_HOSTS:
        hostname, port = address.hostname or "localhost", address.port or (443 if address.scheme == "https" else 80)
        if (site.hostname, site.port) != (hostname, port):
            site.hostname, site.port = hostname, port
            site.save()


@contextmanager
def quiet_logs() -> Iterator[None]:
    """Hundreds of pages are published and tasks run meanwhile; their log lines would bury the progress."""
    loggers = {logger: logger.level for logger in map(logging.getLogger, ("django_tasks", "wagtail"))}
    for logger in loggers:
        logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        for logger, level in loggers.items():
            logger.setLevel(level)
