"""App configuration."""

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "shop.screening"
    label = "screening"
    verbose_name = "orders to be looked at"

    def ready(self) -> None:
        from shop.orders.participants import registry
        from shop.screening import rules, services

        rules.register_own()
        registry.register("screening", placed=services.screen, released=services.released)
