"""Wiring of the catalogue into the admin."""

from typing import Any

from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from shop.catalog.generator_views import GeneratorView
from shop.catalog.views import LOG_ACTION, VariantsLogFormatter, VariantsView
from shop.catalog.viewsets import BrandViewSet, ProductDataViewSetGroup

register_snippet(BrandViewSet)
register_snippet(ProductDataViewSetGroup)


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("catalog/products/<int:pk>/variants/", VariantsView.as_view(), name="catalog_variants"),
        path("catalog/products/<int:pk>/variants/generate/", GeneratorView.as_view(), name="catalog_variants_generate"),
    ]


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    actions.register_action(LOG_ACTION)(VariantsLogFormatter)
