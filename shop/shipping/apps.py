"""App configuration."""

from django.apps import AppConfig


class ShippingConfig(AppConfig):
    name = "shop.shipping"
    label = "shipping"

    def ready(self) -> None:
        from shop.cart.adjusters import RANK_DELIVERY, registry
        from shop.shipping.delivery import CODE, add_delivery
        from shop.shipping.kinds import BUILTIN
        from shop.shipping.kinds import registry as kinds

        for kind in BUILTIN:
            kinds.register(kind)
        registry.register(CODE, add_delivery, rank=RANK_DELIVERY)
