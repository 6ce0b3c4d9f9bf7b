"""Background work of the catalogue."""

import logging

from django_tasks import task

from cms import pictures
from shop.catalog import listing
from shop.catalog.thumbnails import CARD

logger = logging.getLogger(__name__)


@task()
def render_thumbnails(product_ids: list[int]) -> None:
    """Make the small versions of these products' first pictures, then refresh their listing rows."""
    for image in {picture.image for picture in listing.first_pictures(product_ids).values()}:
        try:
            pictures.make(image, CARD.specs(image))
        except OSError:
            # A lost or broken file must not keep the other products without pictures.
            logger.exception("Image %s has no usable file; its products are listed without a picture.", image.pk)
    listing.refresh(product_ids, render=False)
