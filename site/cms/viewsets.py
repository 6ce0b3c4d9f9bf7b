"""Menus and announcements in the admin."""

from wagtail.admin.ui.tables import LiveStatusTagColumn
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from cms.models import Announcement, Menu


class MenuViewSet(SnippetViewSet):
    """The header's and the footer's menu."""

    model = Menu
    icon = "bars"
    menu_label = "Menus"
    menu_name = "menus"
    list_display = ["__str__", LiveStatusTagColumn(), "last_published_at"]


class AnnouncementViewSet(SnippetViewSet):
    """Lines above every page."""

    model = Announcement
    icon = "info-circle"
    menu_label = "Announcements"
    menu_name = "announcements"
    list_display = ["text", LiveStatusTagColumn(), "last_published_at", "expire_at"]
    search_fields = ["text"]


class ChromeViewSetGroup(SnippetViewSetGroup):
    """What stands around every page."""

    items = (MenuViewSet, AnnouncementViewSet)
    menu_icon = "desktop"
    menu_label = "Shop front"
    menu_name = "shop-front"
    menu_order = 210
