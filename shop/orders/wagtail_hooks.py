"""Wires orders into the admin."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks

from shop.orders.summary import OrdersToFulfil
from shop.orders.viewsets import OrderViewSet


@hooks.register("register_admin_viewset")
def register_orders() -> OrderViewSet:
    return OrderViewSet()


@hooks.register("construct_homepage_summary_items")
def add_summary(request: HttpRequest, items: list[Any]) -> None:
    items.append(OrdersToFulfil(request))
