"""App configuration."""

from django.apps import AppConfig


class ShippingConfig(AppConfig):
    name = "shop.shipping"
    label = "shipping"

    def ready(self) -> None:
        from shop.cart.adjusters import RANK_DELIVERY, registry
        from shop.shipping.delivery import CODE, add_delivery

        registry.register(CODE, add_delivery, rank=RANK_DELIVERY)
