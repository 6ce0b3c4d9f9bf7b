"""Wires this room into the admin."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from cms.dashboard import HOOK, ShopPanel, surroundings_links
from cms.viewsets import ChromeViewSetGroup

register_snippet(ChromeViewSetGroup)
hooks.register(HOOK, surroundings_links)


@hooks.register("insert_global_admin_css")
def house_colours() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("admin/admin.css"))


@hooks.register("construct_homepage_panels")
def add_shop_panel(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(ShopPanel(request))


@hooks.register("register_permissions")
def permissions() -> "QuerySet[Permission]":
    """What a group may be given on its screen in the settings, beside the settings themselves."""
    return Permission.objects.filter(content_type__app_label="cms", codename="change_shop_money")
