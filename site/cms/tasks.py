"""Background work on pictures."""

import logging

from django.http import HttpResponse
from django_tasks import task
from wagtail.images import get_image_model
from wagtail.models import Page

from cms import pictures

logger = logging.getLogger(__name__)


@task()
def make_sizes(image_id: int, wanted: list[str]) -> None:
    """Make the named sizes of an image."""
    image = get_image_model().objects.filter(pk=image_id).first()
    if image is not None:
        pictures.make(image, wanted)


@task()
def prepare_upload(image_id: int) -> None:
    """Make the sizes that most templates use."""
    image = get_image_model().objects.filter(pk=image_id).first()
    if image is not None:
        pictures.make(image, pictures.specs(image, pictures.UPLOAD_WIDTHS))


@task()
def prepare_page(page_id: int) -> None:
    """Render a public page once and make each size that its templates ask for, so that no visitor waits."""
    page = Page.objects.filter(pk=page_id, live=True).first()
    if page is not None:
        for image_id, wanted in missing_sizes(page.specific).items():
            make_sizes.func(image_id, sorted(wanted))


def missing_sizes(page: Page) -> dict[int, set[str]]:
    """What a public page needs and does not have yet: image id -> sizes. Empty where it is not served here."""
    if page.full_url is None:
        return {}
    request = page.dummy_request()
    with pictures.collecting() as found:
        response: HttpResponse = page.serve(request)
        if hasattr(response, "render"):
            response.render()
    return found
