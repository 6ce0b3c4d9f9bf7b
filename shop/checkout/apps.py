"""App configuration."""

from django.apps import AppConfig


class CheckoutConfig(AppConfig):
    name = "shop.checkout"
    label = "checkout"

    def ready(self) -> None:
        from shop.cart.holds import registry
        from shop.checkout.selectors import held_quantities, unfinished_order

        registry.register(held_quantities, order=unfinished_order)
