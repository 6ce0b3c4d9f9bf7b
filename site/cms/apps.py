"""App configuration."""

from django.apps import AppConfig


class CmsConfig(AppConfig):
    name = "cms"
    label = "cms"

    def ready(self) -> None:
        from cms import avif, broken_images, signal_handlers, title_norms

        signal_handlers.register()
        avif.register()
        broken_images.apply()
        title_norms.apply()
