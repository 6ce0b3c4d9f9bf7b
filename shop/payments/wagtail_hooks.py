"""Wires payments into the admin."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks

from cms.dashboard import DashboardLink
from shop.payments.overview import in_short
from shop.payments.viewsets import MoneyViewSetGroup


@hooks.register("register_admin_viewset")
def register_payments() -> MoneyViewSetGroup:
    return MoneyViewSetGroup()


@hooks.register("register_dashboard_links")
def dashboard_links(request: HttpRequest) -> list[DashboardLink]:
    user: Any = request.user
    if not user.has_perm("payments.change_paymentsettings"):
        return []
    url = reverse("wagtailsettings:edit", args=["payments", "paymentsettings"])
    return [DashboardLink("Ways to pay", in_short(), url, "form", order=96)]
