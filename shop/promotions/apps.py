"""App configuration."""

from django.apps import AppConfig


class PromotionsConfig(AppConfig):
    name = "shop.promotions"
    label = "promotions"

    def ready(self) -> None:
        from shop.cart.adjusters import RANK_DELIVERY_DISCOUNTS, RANK_DISCOUNTS, registry
        from shop.orders.participants import registry as participants
        from shop.promotions import services
        from shop.promotions.adjusters import discount_delivery, discount_goods
        from shop.promotions.kinds import register_own_kinds

        register_own_kinds()
        registry.register("promotions", discount_goods, rank=RANK_DISCOUNTS)
        registry.register("delivery-promotions", discount_delivery, rank=RANK_DELIVERY_DISCOUNTS)
        participants.register("promotions", placed=services.take, released=services.give_back)
