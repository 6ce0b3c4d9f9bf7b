"""Answers an uploaded picture that breaks off, or that is none inside, with words instead of a server error.

Wagtail counts a picture's pixels after Django has found it good, and does not expect that to fail (seen with 7.4). The
test beside this file says when Wagtail's own code has become enough.
"""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.images.fields import WagtailImageField

original = WagtailImageField.to_python


def to_python(self: WagtailImageField, data: Any) -> Any:
    """As the original. Raises ValidationError for whatever cannot be read, as Django's own field does."""
    try:
        return original(self, data)
    except ValidationError:
        raise
    except Exception as error:  # each format fails in its own way
        raise ValidationError(self.error_messages["invalid_image"], code="invalid_image") from error


def apply() -> None:
    """Replace the one method that reads an upload."""
    WagtailImageField.to_python = to_python
