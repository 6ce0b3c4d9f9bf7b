"""What every page shares."""

from cms.models.media import CustomDocument, CustomImage, CustomRendition
from cms.models.pages import BasePage

__all__ = ["BasePage", "CustomDocument", "CustomImage", "CustomRendition"]
