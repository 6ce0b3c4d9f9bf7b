"""Wiring of the catalogue into the admin."""

from typing import Any

from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from shop.catalog.contents_views import CONTENTS_ACTION, ContentsLogFormatter, ContentsView, digital_file
from shop.catalog.generator_views import GeneratorView
from shop.catalog.product_listing import ProductListing, products
from shop.catalog.views import LOG_ACTION, VariantsLogFormatter, VariantsView
from shop.catalog.viewsets import BrandViewSet, ProductDataViewSetGroup

register_snippet(BrandViewSet)
register_snippet(ProductDataViewSetGroup)


@hooks.register("register_admin_viewset")
def product_listing() -> ProductListing:
    return products


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    product = "catalog/products/<int:pk>"
    return [
        path(f"{product}/variants/", VariantsView.as_view(), name="catalog_variants"),
        path(f"{product}/variants/generate/", GeneratorView.as_view(), name="catalog_variants_generate"),
        path(f"{product}/contents/", ContentsView.as_view(), name="catalog_contents"),
        path(f"{product}/files/<int:file_id>/", digital_file, name="catalog_digital_file"),
    ]


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    actions.register_action(LOG_ACTION)(VariantsLogFormatter)
    actions.register_action(CONTENTS_ACTION)(ContentsLogFormatter)
