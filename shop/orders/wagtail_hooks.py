"""Wires orders into the admin."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from wagtail import hooks

from shop.orders.admin.bulk_actions import MarkSent, PrintSlips
from shop.orders.summary import OrdersToFulfil
from shop.orders.viewsets import CarrierViewSet, OrderViewSet

hooks.register("register_bulk_action", MarkSent)
hooks.register("register_bulk_action", PrintSlips)


@hooks.register("register_admin_viewset")
def register_orders() -> list[Any]:
    return [OrderViewSet(), CarrierViewSet("carriers")]


@hooks.register("register_permissions")
def permissions() -> "QuerySet[Permission]":
    """What a group may be given on its screen in the settings."""
    return Permission.objects.filter(
        Q(content_type__model="order") | Q(content_type__model="carrier"), content_type__app_label="orders"
    )


@hooks.register("construct_homepage_summary_items")
def add_summary(request: HttpRequest, items: list[Any]) -> None:
    items.append(OrdersToFulfil(request))
