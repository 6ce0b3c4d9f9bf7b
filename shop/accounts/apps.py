"""App configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "shop.accounts"
    label = "accounts"

    def ready(self) -> None:
        from cms import rotation
        from shop.accounts import area, services, signal_handlers

        rotation.others.register("second steps", services.rotate_second_steps)
        area.register_own_sections()
        signal_handlers.register()
