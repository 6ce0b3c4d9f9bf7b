"""The panel on the admin's first page: what an editor most often comes to do.

Rooms offer links through the hook ``register_dashboard_links``: a function of the request that gives the links which
its user may follow.

    @hooks.register("register_dashboard_links")
    def links(request):
        return [DashboardLink("Orders", "What is to be packed.", reverse("orders:index"), "clipboard-list")]
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.models import Site

from cms.models import Announcement, Menu, ShopSettings

HOOK = "register_dashboard_links"


@dataclass(frozen=True, slots=True)
class DashboardLink:
    """``order`` sorts the links; ``icon`` is one of Wagtail's names."""

    label: str
    description: str
    url: str
    icon: str
    order: int = 500


class ShopPanel(Component):
    """Shows the links of all rooms."""

    name = "shop"
    template_name = "cms/admin/shop_panel.html"
    order = 50

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        links = [link for offer in hooks.get_hooks(HOOK) for link in offer(self.request)]
        return {"links": sorted(links, key=lambda link: link.order)}


def surroundings_links(request: HttpRequest) -> list[DashboardLink]:
    """The shop itself, and what stands around its pages."""
    links = [DashboardLink("See the shop", "As visitors see it.", "/", "view", order=10)]
    user: Any = request.user
    if user.has_perm("cms.change_menu"):
        url = reverse(Menu.snippet_viewset.get_url_name("list"))
        links.append(
            DashboardLink("Menus", "The links at the top and the bottom of every page.", url, "bars", order=60)
        )
    if user.has_perm("cms.change_announcement"):
        url = reverse(Announcement.snippet_viewset.get_url_name("list"))
        links.append(DashboardLink("Announcement", "The line above every page.", url, "info-circle", order=70))
    site = Site.find_for_request(request)
    if user.has_perm("cms.change_shopsettings") and site is not None:
        url = reverse("wagtailsettings:edit", args=["cms", ShopSettings._meta.model_name, site.pk])
        links.append(DashboardLink("Shop settings", "Name, address and look.", url, "cog", order=80))
    return links
