"""Listings of products that are no category: a collection, a brand."""

from typing import Any

from django.http import HttpRequest

from cms.selectors import shop_currency
from shop.catalog.browsing import BRAND, CHOSEN
from shop.catalog.collections import find_ids, product_ids
from shop.catalog.facets.browsed import browse
from shop.catalog.models import Brand, BrandIndexPage, CollectionPage
from shop.catalog.presentation import listed


def collection_context(collection: CollectionPage, request: HttpRequest) -> dict[str, Any]:
    """The collection in its own order, else as the GET parameters choose. Raises Http404 beyond the last page."""
    # A preview shows what is being typed, which nothing remembers.
    ids = find_ids(collection) if getattr(request, "is_preview", False) else product_ids(collection)
    browsed = browse(parameters=request.GET, currency=shop_currency(), ranked=ids, default_sort=CHOSEN)
    return {**listed(collection, browsed), "breadcrumbs": collection.breadcrumbs}


def brand_context(page: BrandIndexPage, brand: Brand, request: HttpRequest) -> dict[str, Any]:
    """Everything of a brand. Raises Http404 beyond the last page."""
    browsed = browse(parameters=request.GET, currency=shop_currency(), base=lambda view: view.having(BRAND, brand.slug))
    context = listed(page, browsed)
    # The brand is chosen by the address: there is nothing else to choose.
    facets = [facet for facet in context["facets"] if facet.code != BRAND]
    return {**context, "facets": facets, "brand": brand, "breadcrumbs": page.breadcrumbs}
