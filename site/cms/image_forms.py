"""The form behind every upload to the image library."""

from typing import Any

from wagtail.images.forms import BaseImageForm

from cms.image_files import WholeImageField


class ImageForm(BaseImageForm):
    """Wagtail's own, with a field that refuses what cannot be read to its end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("description"):
            field.help_text = "What the picture shows, for people who cannot see it. A page may say something else."
        if field := self.fields.get("file"):
            self.fields["file"] = WholeImageField(
                label=field.label,
                required=field.required,
                initial=field.initial,
                max_length=field.max_length,
                help_text=field.help_text,
                widget=field.widget,
            )
