"""What the search looks through: ``settings.SEARCH_SOURCES``, group name -> "app_label.PageModel"."""

from collections.abc import Mapping

from django.apps import apps
from django.conf import settings
from wagtail.models import Page
from wagtail.search.index import Indexed

from shop.catalog.models import CategoryPage

# The group that is shown as product cards, page by page; all others are shown as teasers.
PRODUCTS = "products"
# Searched as well, whatever the setting says.
CATEGORIES = "categories"
BRANDS = "brands"
# Groups that results show as links rather than teasers, in this order.
COLLECTIONS = "collections"
LINKED = (CATEGORIES, COLLECTIONS, BRANDS)


class SourceError(ValueError):
    """An entry of ``SEARCH_SOURCES`` that cannot be searched; the message says which and why."""


def sources() -> dict[str, type[Page]]:
    """The page models to search, in the order of the setting. Raises SourceError."""
    configured = settings.SEARCH_SOURCES
    if not isinstance(configured, Mapping):
        raise SourceError("SEARCH_SOURCES must map group names to page models.")
    return {group: _model(group, label) for group, label in configured.items()}


def page_sections() -> dict[str, type[Page]]:
    """The page models to search beside products, with categories. Raises SourceError."""
    return {CATEGORIES: CategoryPage} | {group: model for group, model in sources().items() if group != PRODUCTS}


def _model(group: str, label: str) -> type[Page]:
    if not (isinstance(group, str) and group.isidentifier() and len(group) <= 30) or group in (CATEGORIES, BRANDS):
        raise SourceError(f"SEARCH_SOURCES has a group {group!r}: use up to 30 letters, and another name.")
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError, AttributeError) as error:
        raise SourceError(f"SEARCH_SOURCES[{group!r}] is {label!r}, which is no installed model.") from error
    if not (issubclass(model, Page) and issubclass(model, Indexed) and model.get_indexed_objects is not None):
        raise SourceError(f"SEARCH_SOURCES[{group!r}] is {label!r}, which is no page type.")
    return model
