"""App configuration."""

from django.apps import AppConfig


class WishlistConfig(AppConfig):
    name = "shop.wishlist"
    label = "wishlist"

    def ready(self) -> None:
        from shop.wishlist import signal_handlers

        signal_handlers.register()
