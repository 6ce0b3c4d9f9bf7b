"""Wiring of tax into the admin."""

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from wagtail import hooks

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
