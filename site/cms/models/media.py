"""Image and document models of our own from the first migration: swapping them later would be a one-way door."""

from typing import Any

from django.db import models
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image, get_upload_to

from cms.image_files import UprightImageField


class CustomImage(AbstractImage):
    """An image in the library. ``description`` (Wagtail's) is the text alternative where a use gives no other."""

    file: Any = UprightImageField(upload_to=get_upload_to, width_field="width", height_field="height")
    credit = models.CharField(max_length=200, blank=True, help_text="Who made the picture; shown with stories.")
    # {"state": str, "made": {filter spec: [file name, width, height]}}, see cms/pictures.py: what exists, so that
    # showing a picture needs no look-up. Void once ``state`` no longer fits the file and the focal point.
    sizes = models.JSONField(default=dict, editable=False)

    admin_form_fields = (*Image.admin_form_fields, "credit")

    class Meta:
        verbose_name = "image"
        verbose_name_plural = "images"


class CustomRendition(AbstractRendition):
    """One size and format of an image."""

    image = models.ForeignKey(CustomImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="unique_rendition"),
        ]


class CustomDocument(AbstractDocument):
    """A file in the library."""

    admin_form_fields = Document.admin_form_fields
