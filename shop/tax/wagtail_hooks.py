"""Wiring of tax into the admin."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks

from cms.dashboard import DashboardLink
from shop.tax.missing import warnings
from shop.tax.viewsets import TaxViewSetGroup


@hooks.register("register_admin_viewset")
def viewsets() -> TaxViewSetGroup:
    return TaxViewSetGroup()


@hooks.register("register_permissions")
def permissions() -> "QuerySet[Permission]":
    """What a group may be given on its screen in the settings."""
    rates = Q(content_type__model="taxrate", codename__in=["add_taxrate", "view_taxrate"])
    classes = Q(content_type__model="taxclass") & ~Q(codename__startswith="delete")
    variants = Q(content_type__model="varianttaxclass", codename="change_varianttaxclass")
    return Permission.objects.filter(rates | classes | variants, content_type__app_label="tax")


@hooks.register("register_dashboard_links")
def dashboard_links(request: HttpRequest) -> list[DashboardLink]:
    user: Any = request.user
    if not user.has_perm("tax.view_taxrate"):
        return []
    words = next(iter(warnings()), "Classes of goods, and what each bears in a country.")
    return [DashboardLink("Tax", words, reverse("tax_rates:index"), "decimal", order=94)]
