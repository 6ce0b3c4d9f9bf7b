"""What pages with a body of blocks share."""

from typing import Any

from django.http import HttpRequest

from cms.models import BasePage
from cms.references import load_stream
from home import rails


class BodyPage(BasePage):
    """A page with a StreamField ``body``: everything that its blocks show is fetched together."""

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Loads what the blocks point to and the cards of all product rails."""
        load_stream(self.body)
        rails.fill(self.body)
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context

    def first_picture(self) -> Any:
        """The image of the body's first block that has one, or None."""
        for block in self.body:
            if block.block_type in ("hero", "image_text") and block.value.get("image"):
                return block.value["image"]
        return None
