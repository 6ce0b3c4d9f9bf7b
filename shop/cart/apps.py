"""App configuration."""

from django.apps import AppConfig


class CartConfig(AppConfig):
    name = "shop.cart"
    label = "cart"

    def ready(self) -> None:
        from shop.accounts import cookies, privacy
        from shop.cart import personal_data, signal_handlers
        from shop.cart.views import tell_count

        signal_handlers.register()
        cookies.registry.register("cart", tell_count)
        privacy.registry.register(personal_data.CART)
