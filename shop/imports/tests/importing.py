"""Importing in tests, and looking at what has come of it."""

from collections.abc import Callable, Mapping
from typing import Any

from shop.catalog.models import ProductPage, Variant
from shop.catalog.offers import Quote, registry
from shop.imports.problems import Kind
from shop.imports.services import ImportSummary
from shop.pricing.selectors import current_quotes

Rows = list[Mapping[str, str]]
Run = Callable[..., ImportSummary]


def outcomes(summary: ImportSummary) -> dict[str, int]:
    return {outcome.value: number for outcome, number in summary.products.items()}


def product(slug: str = "harbour-lamp") -> ProductPage:
    return ProductPage.objects.get(slug=slug)


def price_as_set(sku: str = "LAMP-1") -> Quote:
    """With the compare-at price of the file: shoppers see it once the shop has asked for such a price."""
    variant = Variant.objects.get(sku=sku)
    return current_quotes([variant.pk])[variant.pk]


def offer(sku: str = "LAMP-1") -> Any:
    return registry.offers([Variant.objects.get(sku=sku)])[0]


def problems(summary: ImportSummary) -> list[tuple[int, Kind, str]]:
    return [
        (problem.line, problem.kind, problem.detail) for kept in summary.problems._examples.values() for problem in kept
    ]
