"""The project as an app, so that its checks and commands are found."""

from django.apps import AppConfig


class StorefrontConfig(AppConfig):
    name = "storefront"
    label = "storefront"

    def ready(self) -> None:
        from storefront import checks, fts5  # noqa: F401  (registers the checks)

        fts5.apply()
