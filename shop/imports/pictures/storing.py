"""From the bytes of a picture to an image of the library."""

import hashlib
import io
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.files.images import ImageFile
from PIL import Image as Pillow
from PIL import UnidentifiedImageError

from cms.models import CustomImage
from shop.imports.pictures.fetching import PictureError

# Pillow's name of a format -> the ending of the stored file.
FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif", "AVIF": "avif"}
NAME_MOST = 80


def store(data: bytes, address: str, *, title: str, description: str = "") -> CustomImage:
    """The image of these bytes: one that the library has already, else a new one. Raises PictureError."""
    ending = _checked(data)
    digest = hashlib.sha1(data, usedforsecurity=False).hexdigest()  # as Wagtail's ``file_hash``
    known = CustomImage.objects.filter(file_hash=digest).order_by("pk").first()
    if known is not None:
        return known
    stem = PurePosixPath(unquote(urlsplit(address).path).replace("\\", "/")).stem[:NAME_MOST] or "picture"
    file = ImageFile(io.BytesIO(data), name=f"{stem}.{ending}")
    fields: dict[str, Any] = {"title": title[:255], "description": description[:255], "file": file}
    image = CustomImage(**fields, file_hash=digest, file_size=len(data))
    image.save()
    return image


def _checked(data: bytes) -> str:
    """The file ending of the picture's real format, whatever it calls itself."""
    try:
        with Pillow.open(io.BytesIO(data), formats=list(FORMATS)) as picture:
            width, height = picture.size
            if width * height > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
                raise PictureError(f"The picture has too many pixels: {width} x {height}.")
            picture.verify()
            return FORMATS[str(picture.format)]
    except PictureError:
        raise
    except (UnidentifiedImageError, Pillow.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise PictureError("This is not a picture that the shop can show (JPEG, PNG, WebP, AVIF or GIF).") from error
