"""App configuration."""

from django.apps import AppConfig


class WishlistConfig(AppConfig):
    name = "shop.wishlist"
    label = "wishlist"

    def ready(self) -> None:
        from shop.accounts import cookies, privacy
        from shop.wishlist import signal_handlers
        from shop.wishlist.personal_data import WISHLIST
        from shop.wishlist.views import tell_count

        signal_handlers.register()
        cookies.registry.register("wishlist", tell_count)
        privacy.registry.register(WISHLIST)
