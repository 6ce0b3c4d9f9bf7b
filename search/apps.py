"""App configuration."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    label = "search"

    def ready(self) -> None:
        from search import checks  # noqa: F401  (importing registers them)
