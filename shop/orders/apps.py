"""App configuration."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "shop.orders"
    label = "orders"

    def ready(self) -> None:
        from wagtail.permissions import register_permission_policy

        from shop.catalog import listing_facts
        from shop.orders.actions import register_own_actions
        from shop.orders.models import Order
        from shop.orders.popularity import units_sold
        from shop.orders.viewsets import OrderPermissionPolicy

        register_permission_policy(Order, OrderPermissionPolicy(Order))
        register_own_actions()
        listing_facts.register("popularity", units_sold)
