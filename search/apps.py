"""App configuration."""

from contextlib import suppress

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    label = "search"

    def ready(self) -> None:
        from wagtail.permissions import register_permission_policy

        from search import (
            checks,  # noqa: F401  (importing registers them)
            signal_handlers,
        )
        from search.models import LoggedQuery
        from search.personal_data import SEARCH
        from search.sources import SourceError
        from search.viewsets import PastQueryPolicy
        from shop.accounts import privacy

        privacy.registry.register(SEARCH)
        register_permission_policy(LoggedQuery, PastQueryPolicy(LoggedQuery))

        # A wrong setting is told by the check, in words.
        with suppress(SourceError):
            signal_handlers.register()
