"""Wiring of prices into the admin."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from shop.pricing.proposal_views import ProposeView
from shop.pricing.views import PriceHistoryView
from shop.pricing.viewsets import PriceProposalViewSet, PriceThresholdViewSet, arrange_actions

PERMISSIONS = ("pricing.add_price", "pricing.view_price")

register_snippet(PriceProposalViewSet)


class PriceHistoryMenuItem(MenuItem):
    """Shown to those who may see it."""

    def is_shown(self, request: HttpRequest) -> bool:
        return any(request.user.has_perm(name) for name in PERMISSIONS)


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("prices/propose/", ProposeView.as_view(), name="pricing_propose"),
        path("reports/prices/", PriceHistoryView.as_view(), name="pricing_history"),
        path("reports/prices/results/", PriceHistoryView.as_view(results_only=True), name="pricing_history_results"),
    ]


@hooks.register("register_admin_viewset")
def thresholds() -> PriceThresholdViewSet:
    return PriceThresholdViewSet()


@hooks.register("construct_snippet_action_menu")
def proposal_actions(menu_items: list[Any], request: HttpRequest, context: Any) -> None:
    arrange_actions(menu_items, request, context)


@hooks.register("register_reports_menu_item")
def menu_item() -> MenuItem:
    return PriceHistoryMenuItem("Price history", reverse("pricing_history"), icon_name="history", order=700)


@hooks.register("register_permissions")
def permissions() -> "QuerySet[Permission]":
    """What a group may be given on its screen in the settings; proposals say so themselves."""
    price = Q(content_type__model="price", codename__in=[name.partition(".")[2] for name in PERMISSIONS])
    others = Q(content_type__model="pricethreshold") | Q(codename="change_variantcost")
    return Permission.objects.filter(price | others, content_type__app_label="pricing")
