"""App configuration."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "shop.catalog"
    label = "catalog"

    def ready(self) -> None:
        from shop.catalog import signal_handlers

        signal_handlers.register()
