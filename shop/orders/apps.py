"""App configuration."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "shop.orders"
    label = "orders"

    def ready(self) -> None:
        from wagtail.permissions import register_permission_policy

        from shop.accounts import area, claims, privacy
        from shop.catalog import listing_facts
        from shop.orders.documents import checks  # noqa: F401  (registers itself)
        from shop.orders.models import Order
        from shop.orders.own_actions import register_own_actions
        from shop.orders.permissions import OrderPermissionPolicy
        from shop.orders.personal_data import ORDERS, claim
        from shop.orders.popularity import units_sold

        register_permission_policy(Order, OrderPermissionPolicy(Order))
        register_own_actions()
        section = area.Section("orders", "Orders", "What you have bought, and buying it again.", "my-orders:list", 20)
        area.registry.register(section)
        claims.registry.register("orders", claim)
        privacy.registry.register(ORDERS)
        listing_facts.register("popularity", units_sold)
