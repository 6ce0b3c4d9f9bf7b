"""Image files as they come from a camera: turned by a note in the file, or cut off by a bad connection."""

from typing import Any

from django.core.exceptions import ValidationError
from PIL import Image as PillowImage
from PIL.ExifTags import Base
from wagtail.images.fields import WagtailImageField as ImageFormField
from wagtail.images.models import WagtailImageField, WagtailImageFieldFile

# Values of the note that lay a picture on its side: width and height change places when it is shown.
SIDEWAYS = (5, 6, 7, 8)


class UprightImageFile(WagtailImageFieldFile):
    """Gives width and height as the picture is shown: every size that Wagtail makes is turned upright."""

    def get_image_dimensions(self) -> tuple[int, int]:
        width, height = super().get_image_dimensions()
        return (height, width) if self._is_sideways() else (width, height)

    def _is_sideways(self) -> bool:
        close = self.closed
        try:
            self.open()
            try:
                with PillowImage.open(self.file) as image:
                    # As Willow decides: of formats that carry the note in another way it knows nothing.
                    return hasattr(image, "_getexif") and image.getexif().get(Base.Orientation) in SIDEWAYS
            except (OSError, SyntaxError):
                return False
            finally:
                self.open()
        finally:
            if close:
                self.close()


class UprightImageField(WagtailImageField):
    """The file of an image in the library."""

    attr_class = UprightImageFile


class WholeImageField(ImageFormField):
    """Refuses a file that begins like a picture and is none, where Wagtail would fail."""

    def to_python(self, data: Any) -> Any:
        try:
            return super().to_python(data)
        except (OSError, SyntaxError, ValueError, PillowImage.DecompressionBombError) as error:
            raise ValidationError(
                "This file is damaged or incomplete: open it in a picture program and save it again.",
                code="invalid_image",
            ) from error
