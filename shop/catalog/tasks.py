"""Background work of the catalogue."""

import logging

from django_tasks import task
from wagtail.images.exceptions import InvalidFilterSpecError

from cms.models import CustomImage
from shop.catalog import listing, thumbnails

logger = logging.getLogger(__name__)


@task()
def render_thumbnails(product_ids: list[int]) -> None:
    """Make the small versions of these products' first pictures, then refresh their listing rows."""
    pictures = listing.first_pictures(product_ids)
    for image in CustomImage.objects.filter(pk__in={picture.image_id for picture in pictures.values()}):
        try:
            thumbnails.render(image, thumbnails.CARD_SPECS)
        except (OSError, InvalidFilterSpecError):
            # A lost or broken file must not keep the other products without pictures.
            logger.exception("Image %s has no usable file; its products are listed without a picture.", image.pk)
    listing.refresh(product_ids, render=False)
