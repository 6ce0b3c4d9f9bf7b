"""Wiring of delivery into the admin."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.model import ModelViewSet

from cms.dashboard import DashboardLink
from shop.shipping.overview import MODELS, DeliveryOverview, may_see, warnings, zones_with_methods
from shop.shipping.viewsets import ClosedDayViewSet, MethodViewSet, ZoneViewSet

zones, methods, closed_days = ZoneViewSet(), MethodViewSet(), ClosedDayViewSet()


class DeliveryMenuItem(MenuItem):
    """Shown to those who look after delivery."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_see(request.user)


@hooks.register("register_admin_viewset")
def viewsets() -> list[ModelViewSet]:
    return [zones, methods, closed_days]


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [path("delivery/", DeliveryOverview.as_view(), name="delivery_overview")]


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    return DeliveryMenuItem("Delivery", reverse("delivery_overview"), icon_name="redirect", name="delivery", order=170)


@hooks.register("insert_global_admin_css")
def stylesheet() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("shipping/admin.css"))


@hooks.register("register_permissions")
def permissions() -> "QuerySet[Permission]":
    """What a group may be given on its screen in the settings."""
    return Permission.objects.filter(content_type__app_label="shipping", content_type__model__in=MODELS)


@hooks.register("register_dashboard_links")
def dashboard_links(request: HttpRequest) -> list[DashboardLink]:
    if not may_see(request.user):
        return []
    words = next(iter(warnings(zones_with_methods())), "Where you deliver, how, and what it costs.")
    return [DashboardLink("Delivery", words, reverse("delivery_overview"), "redirect", order=92)]
