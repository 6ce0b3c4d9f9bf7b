"""Background work on pictures."""

import logging
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from django_tasks import task
from wagtail.images import get_image_model
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.models import Page

from cms import pictures
from cms.chrome import LOGO, SOCIAL_IMAGE, forget_chrome
from cms.models import ShopSettings

logger = logging.getLogger(__name__)


def make(image_id: int, wanted: Iterable[str] | None = None) -> None:
    """Make the named sizes of an image, or those that most templates use.

    A lost or broken file is logged and leaves the image as it is: one bad upload must not stop the others.
    """
    image = get_image_model().objects.filter(pk=image_id).first()
    if image is None:
        return
    try:
        pictures.make(image, pictures.specs(image, pictures.UPLOAD_WIDTHS) if wanted is None else wanted)
    except (OSError, InvalidFilterSpecError):
        logger.exception("Image %s has no usable file; pages show what there is of it.", image_id)


@task()
def make_sizes(image_id: int, wanted: list[str]) -> None:
    """Make the named sizes of an image."""
    make(image_id, wanted)


@task()
def prepare_upload(image_id: int) -> None:
    """Make the sizes that most templates use."""
    make(image_id)


@task()
def prepare_chrome() -> None:
    """Make the sizes of logos and social images, then have the surroundings of all pages name them."""
    for shop in ShopSettings.objects.all():
        if shop.logo_id:
            make(shop.logo_id, [LOGO])
        if shop.social_image_id:
            make(shop.social_image_id, [SOCIAL_IMAGE])
    forget_chrome()


@task()
def prepare_page(page_id: int) -> None:
    """Render a public page once and make each size that its templates ask for, so that no visitor waits."""
    page = Page.objects.filter(pk=page_id, live=True).first()
    if page is not None:
        for image_id, wanted in missing_sizes(page).items():
            make(image_id, sorted(wanted))


def missing_sizes(page: Page) -> dict[int, set[str]]:
    """What a public page needs and does not have yet: image id -> sizes. Empty where it is not served here."""
    parts = page.get_url_parts()
    if parts is None or parts[1] is None:
        return {}
    with pictures.collecting() as found:
        response = visit(parts[1], parts[2])
    if response.status_code != 200:
        logger.info("Page %s answered %s to its own visit.", page.pk, response.status_code)
    return found


def visit(root_url: str, path: str) -> HttpResponseBase:
    """What the site answers to an anonymous request for a path of the site at ``root_url``."""
    scheme, _, host = root_url.partition("://")
    hostname, _, port = host.partition(":")
    secure = scheme == "https"
    extra: dict[str, Any] = {"SERVER_NAME": hostname, "SERVER_PORT": port or ("443" if secure else "80")}
    if secure and settings.SECURE_PROXY_SSL_HEADER:
        header, value = settings.SECURE_PROXY_SSL_HEADER
        extra[header] = value
    return _handler(tuple(settings.MIDDLEWARE)).get_response(RequestFactory(**extra).get(path, secure=secure))


@cache
def _handler(middleware: tuple[str, ...]) -> BaseHandler:
    """Django's request handler; loading the middleware takes longer than a page."""
    handler = BaseHandler()
    handler.load_middleware()
    return handler
