"""What every page shares."""

from cms.models.media import CustomDocument, CustomImage, CustomRendition
from cms.models.navigation import Announcement, EditorialSnippet, Menu
from cms.models.pages import BasePage
from cms.models.revisions import KeepsLiveVersion
from cms.models.settings import ShopSettings

__all__ = [
    "Announcement",
    "BasePage",
    "CustomDocument",
    "CustomImage",
    "CustomRendition",
    "EditorialSnippet",
    "KeepsLiveVersion",
    "Menu",
    "ShopSettings",
]
