"""App configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "shop.accounts"
    label = "accounts"

    def ready(self) -> None:
        from shop.accounts import area, signal_handlers

        area.register_own_sections()
        signal_handlers.register()
