"""What the search looks through: ``settings.SEARCH_SOURCES``, group name -> "app_label.PageModel"."""

from collections.abc import Mapping

from django.apps import apps
from django.conf import settings
from wagtail.models import Page
from wagtail.search.index import Indexed

# The group that is shown as product cards, page by page; all others are shown as teasers.
PRODUCTS = "products"


class SourceError(ValueError):
    """An entry of ``SEARCH_SOURCES`` that cannot be searched; the message says which and why."""


def sources() -> dict[str, type[Page]]:
    """The page models to search, in the order of the setting. Raises SourceError."""
    configured = settings.SEARCH_SOURCES
    if not isinstance(configured, Mapping):
        raise SourceError("SEARCH_SOURCES must map group names to page models.")
    return {group: _model(group, label) for group, label in configured.items()}


def _model(group: str, label: str) -> type[Page]:
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError, AttributeError) as error:
        raise SourceError(f"SEARCH_SOURCES[{group!r}] is {label!r}, which is no installed model.") from error
    if not (issubclass(model, Page) and issubclass(model, Indexed) and model.get_indexed_objects is not None):
        raise SourceError(f"SEARCH_SOURCES[{group!r}] is {label!r}, which is no page type.")
    return model
