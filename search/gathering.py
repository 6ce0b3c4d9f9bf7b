"""What the shop says of its products, pages and brands, as documents. Only what is live and public has one."""

import re
from collections.abc import Collection
from html import unescape
from typing import Any

from django.db.models import Model
from wagtail.models import Page
from wagtail.search import index

from cms.restrictions import public
from search import ranking
from search.documents import CHARACTERS_MOST, Document
from search.sources import BRANDS, CATEGORIES, PRODUCTS, page_sections
from shop.catalog import attributes
from shop.catalog.models import Brand, CategoryPage, ListingRow, ProductPage, Variant

_MARKUP = re.compile(r"<[^>]*>")
# Root and home page are no categories.
FIRST_CATEGORY_DEPTH = 3


def plain(markup: str) -> str:
    """The words of rich text."""
    text = markup[: 4 * CHARACTERS_MOST]
    return unescape(_MARKUP.sub(" ", text)) if "<" in text or "&" in text else text


def product_documents(product_ids: Collection[int]) -> list[Document]:
    """Documents of those of these products that are live and public; at most seven queries."""
    pages = list(
        public(ProductPage.objects.live())
        .filter(pk__in=product_ids)
        .select_related("brand")
        .only(
            "title",
            "path",
            "depth",
            "summary",
            "body",
            "details",
            "attributes",
            "product_type",
            "brand__name",
            "brand__live",
        )
    )
    if not pages:
        return []
    ids = [page.pk for page in pages]
    known = attributes.definitions()
    places = _places(pages)
    options = _options(ids)
    signals = _signals(ids)
    return [
        Document(
            section=PRODUCTS,
            object_id=page.pk,
            title=page.title,
            brand=page.brand.name if page.brand and page.brand.live else "",
            facts=" ".join(filter(None, [*places[page.pk], attributes.words(page, known), options.get(page.pk, "")])),
            body=f"{page.summary} {plain(page.body)} {_searchable(page, 'details') if page.details else ''}".strip(),
            signal=signals.get(page.pk, 1.0),
        )
        for page in pages
    ]


def _places(pages: Collection[ProductPage]) -> dict[int, list[str]]:
    """The titles of the categories of each product, from the top, then of those that list it as well."""
    step = Page.steplen
    above = {page.pk: [page.path[: step * n] for n in range(FIRST_CATEGORY_DEPTH, page.depth)] for page in pages}
    further: dict[int, list[str]] = {}
    links = ProductPage.further_categories.through.objects.filter(productpage__in=above)
    for product_id, title in links.values_list("productpage_id", "categorypage__title"):
        further.setdefault(product_id, []).append(title)
    paths = {path for found in above.values() for path in found}
    titles = dict(Page.objects.filter(path__in=paths, live=True).values_list("path", "title"))
    return {
        pk: [*(titles[path] for path in found if path in titles), *further.get(pk, [])] for pk, found in above.items()
    }


def _options(product_ids: Collection[int]) -> dict[int, str]:
    """The values of every product's options, each once: "Sea", "XL"."""
    found: dict[int, dict[str, None]] = {}
    rows = Variant.objects.filter(product__in=product_ids, active=True).exclude(options=[])
    for product_id, options in rows.order_by("product", "position").values_list("product_id", "options"):
        found.setdefault(product_id, {}).update(dict.fromkeys(str(value) for _, value in options))
    return {product_id: " ".join(values) for product_id, values in found.items()}


def _signals(product_ids: Collection[int]) -> dict[int, float]:
    rows = ListingRow.objects.filter(pk__in=product_ids)
    return {
        pk: ranking.signal(popularity=popularity, rating=rating, reviews=reviews, available=available)
        for pk, popularity, rating, reviews, available in rows.values_list(
            "pk", "popularity", "rating", "reviews", "available"
        )
    }


def page_documents(page_ids: Collection[int]) -> list[Document]:
    """Documents of those of these pages that are live, public and of a searched type other than products."""
    found = []
    for section, model in page_sections().items():
        pages = list(public(model.objects.live()).filter(pk__in=page_ids))
        above = _titles_above(pages) if section == CATEGORIES else {}
        for page in pages:
            facts = " ".join(above.get(page.pk, ()))
            found.append(Document(section, page.pk, page.title, facts=facts, body=_body(page)))
    return found


def _titles_above(pages: Collection[Page]) -> dict[int, list[str]]:
    """The titles of the categories above each of these pages, from the top; one query for all."""
    above = {
        page.pk: [page.path[: Page.steplen * n] for n in range(FIRST_CATEGORY_DEPTH, page.depth)] for page in pages
    }
    paths = {path for found in above.values() for path in found}
    titles = dict(Page.objects.filter(path__in=paths).values_list("path", "title")) if paths else {}
    return {pk: [titles[path] for path in found if path in titles] for pk, found in above.items()}


def _body(page: Any) -> str:
    """Everything that Wagtail's index would find the page by, except its title."""
    return " ".join(
        _searchable(page, field.field_name)
        for field in page.get_search_fields()
        if isinstance(field, index.SearchField) and field.field_name != "title"
    ).strip()


def _searchable(page: Model, name: str) -> str:
    field: Any = page._meta.get_field(name)
    value = getattr(page, name)
    if hasattr(field, "get_searchable_content"):
        return " ".join(plain(str(text)) for text in field.get_searchable_content(value))
    return plain(str(value or ""))


def brand_documents(brand_ids: Collection[int]) -> list[Document]:
    """Documents of those of these brands that are shown."""
    brands = Brand.objects.filter(pk__in=brand_ids, live=True)
    return [Document(BRANDS, brand.pk, brand.name, body=plain(brand.description)) for brand in brands]


def surroundings(product_ids: Collection[int]) -> tuple[set[int], set[int]]:
    """The categories above these products, and their brands: imports make them without a word."""
    rows = ProductPage.objects.filter(pk__in=product_ids).values_list("path", "depth", "brand_id")
    paths, brands = set(), set()
    for path, depth, brand_id in rows:
        paths |= {path[: Page.steplen * n] for n in range(FIRST_CATEGORY_DEPTH, depth)}
        brands.add(brand_id)
    return set(CategoryPage.objects.filter(path__in=paths).values_list("pk", flat=True)), brands - {None}
