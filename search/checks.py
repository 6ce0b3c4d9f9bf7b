"""Configuration errors, found at start."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from search.sources import PRODUCTS, SourceError, sources
from shop.catalog.models import ProductPage


@register()
def search_sources_exist(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every entry of ``SEARCH_SOURCES`` is a page type, and products are products."""
    try:
        found = sources()
    except SourceError as error:
        return [Error(str(error), hint='Write "app_label.Model", for example "catalog.ProductPage".', id="search.E001")]
    if not issubclass(found.get(PRODUCTS, ProductPage), ProductPage):
        return [
            Error(
                f"SEARCH_SOURCES[{PRODUCTS!r}] must be a kind of product: its results are shown as product cards.",
                hint='Give other page types a group of their own, for example "stories".',
                id="search.E002",
            )
        ]
    return []
