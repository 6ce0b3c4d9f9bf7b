"""App configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "shop.accounts"
    label = "accounts"

    def ready(self) -> None:
        from cms import rotation
        from shop.accounts import area, privacy, services, signal_handlers
        from shop.accounts.personal_data import ACCOUNT

        rotation.others.register("second steps", services.rotate_second_steps)
        privacy.registry.register(ACCOUNT)
        area.register_own_sections()
        signal_handlers.register()
