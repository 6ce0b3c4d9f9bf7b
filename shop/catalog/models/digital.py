"""What a buyer downloads."""

from pathlib import PurePath
from uuid import uuid4

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.text import get_valid_filename

from shop.catalog.models.variant import SKU_MAX_LENGTH

FILE_NAME_MOST = 120


def private_storage() -> Storage:
    """Where files are that nobody may fetch by address (``STORAGES["private"]``)."""
    return storages["private"]


def private_path(instance: "DigitalFile", filename: str) -> str:
    """A folder of its own with a random name, so that no two files meet and nothing can be guessed."""
    try:
        name = PurePath(get_valid_filename(PurePath(filename).name))
    except SuspiciousFileOperation:  # nothing is left of it
        name = PurePath("file")
    return f"digital/{uuid4().hex}/{name.stem[: FILE_NAME_MOST - len(name.suffix)]}{name.suffix}"


class DigitalFile(models.Model):
    """A file that the buyers of a SKU download. Kept for ever: who has bought it may fetch it after it was replaced.

    Outside page revisions and keyed by SKU, like everything that is sold. Only ``current`` ones go to new buyers.
    """

    sku = models.CharField("SKU", max_length=SKU_MAX_LENGTH, db_index=True)
    title = models.CharField(max_length=120)
    file = models.FileField(storage=private_storage, upload_to=private_path, max_length=255)
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    current = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.sku}: {self.title}"

    @property
    def name(self) -> str:
        """The file's name as the buyer gets it."""
        return PurePath(self.file.name or "").name
