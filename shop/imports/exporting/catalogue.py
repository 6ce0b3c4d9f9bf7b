"""The catalogue as it is exported: products in the order of the tree, with what a file can say of each.

Read in portions with the same few queries for each, so that neither memory nor queries per product grow.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from wagtail.models import Page

from cms.selectors import shop_currency
from shop.catalog.models import CategoryPage, ProductImage, ProductPage, Variant
from shop.catalog.offers import Quote
from shop.imports.categories import root_category
from shop.imports.markup import clean
from shop.imports.planning import tag_lists
from shop.inventory.bulk import stock_levels
from shop.money import to_decimal
from shop.pricing.selectors import current_quotes

PORTION = 200


@dataclass(frozen=True, slots=True)
class ExportedVariant:
    """``stock`` is None where nobody counts."""

    variant: Variant
    price: str
    compare_at: str
    stock: int | None
    picture: str


@dataclass(frozen=True, slots=True)
class ExportedProduct:
    """One product; ``path`` is its address below the site, ``categories`` the titles above it below the scope."""

    page: ProductPage
    path: str
    body: str
    brand: str
    categories: tuple[str, ...]
    tags: list[str]
    facts: list[tuple[str, str]]
    pictures: list[tuple[str, str]]
    variants: list[ExportedVariant] = field(default_factory=list)


def exported(scope: Page | None) -> Iterator[ExportedProduct]:
    """Every product below a category (of the whole shop without one)."""
    pages = _pages(scope)
    currency, titles = shop_currency(), _Titles(scope)
    last = ""
    while portion := list(pages.filter(path__gt=last)[:PORTION]):
        yield from _portion(portion, currency, titles)
        last = portion[-1].path


def count(scope: Page | None) -> int:
    """How many products ``exported`` gives."""
    return _pages(scope).count()


def most_options(scope: Page | None) -> int:
    """The largest number of options that any variant has: the file needs so many pairs of columns."""
    variants = Variant.objects.filter(product__in=_pages(scope).order_by()) if scope else Variant.objects.all()
    return max(
        (len(options) for options in variants.values_list("options", flat=True).distinct().iterator()), default=0
    )


def attribute_codes(scope: Page | None) -> list[str]:
    """Codes of the attributes that any product has a value for, in alphabetical order."""
    codes: set[str] = set()
    for values in _pages(scope).order_by().exclude(attributes={}).values_list("attributes", flat=True).iterator():
        codes |= set(values)
    return sorted(codes)


def fact_labels(scope: Page | None) -> dict[str, int]:
    """Labels of facts, with how often one product has the same label at most."""
    labels: dict[str, int] = {}
    for page in _pages(scope).order_by().only("details", "path").iterator(chunk_size=PORTION):
        own: dict[str, int] = {}
        for label, _ in _facts(page):
            own[label] = own.get(label, 0) + 1
        for label, number in own.items():
            labels[label] = max(labels.get(label, 0), number)
    return labels


def _pages(scope: Page | None) -> QuerySet[ProductPage]:
    pages = ProductPage.objects.order_by("path")
    return pages.descendant_of(scope) if scope else pages


def _portion(pages: Sequence[ProductPage], currency: str, titles: "_Titles") -> Iterator[ExportedProduct]:
    ids = [page.pk for page in pages]
    brands = dict(ProductPage.objects.filter(pk__in=ids, brand__isnull=False).values_list("pk", "brand__name"))
    tags, pictures = tag_lists(ids), _pictures(ids)
    variants: dict[int, list[Variant]] = {}
    for variant in Variant.objects.filter(product__in=ids).select_related("image"):
        variants.setdefault(variant.product_id, []).append(variant)
    every = [variant for several in variants.values() for variant in several]
    quotes = current_quotes([variant.pk for variant in every])
    levels = stock_levels([variant.sku for variant in every])
    for page in pages:
        yield ExportedProduct(
            page=page,
            path=page.url_path.strip("/").partition("/")[2],
            body=clean(page.body).html,
            brand=brands.get(page.pk, ""),
            categories=titles.above(page),
            tags=tags.get(page.pk, []),
            facts=_facts(page),
            pictures=pictures.get(page.pk, []),
            variants=[_variant(one, quotes, levels, currency) for one in variants.get(page.pk, [])],
        )


def _variant(
    variant: Variant, quotes: Mapping[int, Quote], levels: Mapping[str, int | None], currency: str
) -> ExportedVariant:
    quote = quotes.get(variant.pk)
    # The file names no currency: a price in another one would be read as the shop's own.
    quote = quote if quote and quote.currency == currency else None
    return ExportedVariant(
        variant=variant,
        price=str(to_decimal(quote.amount, currency)) if quote else "",
        compare_at=str(to_decimal(quote.compare_at, currency)) if quote and quote.compare_at else "",
        stock=levels.get(variant.sku),
        picture=_address(variant.image) if variant.image else "",
    )


def _pictures(ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = {}
    rows = ProductImage.objects.filter(page__in=ids).select_related("image").order_by("page", "sort_order", "pk")
    for picture in rows:
        found.setdefault(picture.page_id, []).append((_address(picture.image), picture.alt))
    return found


def _address(image: Any) -> str:
    """Where the original is, as an absolute address."""
    url: str = image.file.url
    return url if "://" in url else settings.WAGTAILADMIN_BASE_URL.rstrip("/") + url


def _facts(page: ProductPage) -> list[tuple[str, str]]:
    return [(block["value"]["label"], block["value"]["value"]) for block in page.details.raw_data]


class _Titles:
    """The titles of categories by their place in the tree, from where an import begins; read once."""

    def __init__(self, scope: Page | None) -> None:
        base = scope or root_category(create=False)
        self._scope = base.path if base else ""
        self._titles = dict(CategoryPage.objects.values_list("path", "title"))

    def above(self, page: ProductPage) -> tuple[str, ...]:
        known = len(self._scope) if page.path.startswith(self._scope) else 0
        ends = range(known + Page.steplen, len(page.path), Page.steplen)
        return tuple(title for end in ends if (title := self._titles.get(page.path[:end])))
