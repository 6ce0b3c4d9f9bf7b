"""App configuration."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "shop.catalog"
    label = "catalog"

    def ready(self) -> None:
        from cms import sitemaps
        from shop.catalog import brands, forgetting, signal_handlers

        signal_handlers.register()
        forgetting.register()
        sitemaps.register("brands", brands.sitemap_entries)
