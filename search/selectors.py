"""Finding things by words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.db.models import Q
from wagtail.models import Page

from cms.restrictions import public
from search.finders import Found, finder
from search.forms import is_too_short
from search.links import Link, links
from search.sources import BRANDS, CATEGORIES, PRODUCTS, page_sections, sources
from shop.catalog.cards import Card
from shop.catalog.models import ProductPage, Variant
from shop.catalog.models.variant import SKU_MAX_LENGTH
from shop.catalog.selectors import cards

PER_PAGE = 24
# How many of each group beside products, and how many suggestions of each kind.
TEASERS = 6
SUGGESTED_PRODUCTS = 5
SUGGESTED_OTHERS = 3


@dataclass
class Results:
    """What was found. ``groups`` holds the pages of each group beside products, best first.

    The first ``exact`` products have all the words; ``loose`` says that none has.
    """

    query: str
    products: list[Card] = field(default_factory=list)
    product_ids: Sequence[int] = ()
    page_obj: "PaginatorPage[Any] | None" = None
    groups: dict[str, list[Page]] = field(default_factory=dict)
    links: dict[str, list[Link]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    exact: int = 0
    loose: bool = False
    unknown: Sequence[str] = ()
    # The query as it was searched for, where words of it were misspelled; one that would find more.
    corrected: str = ""
    meant: str = ""

    @property
    def too_short(self) -> bool:
        """Whether something was typed, but nothing that could be looked for."""
        return is_too_short(self.query)


@dataclass(frozen=True)
class Suggestions:
    """What a few letters may become."""

    query: str
    products: list[Card] = field(default_factory=list)
    links: dict[str, list[Link]] = field(default_factory=dict)


def find(*, query: str, page: int = 1) -> Results:
    """Live public things for a cleaned query, those with all of its words first.

    A product whose SKU or barcode is the query comes first. A page beyond the last one is the last one.
    """
    results = Results(query)
    if not query or results.too_short:
        return results
    sections = dict.fromkeys([*page_sections(), BRANDS], TEASERS)
    found = finder().find(query=query, others=sections, synonyms={})
    _add_products(results, found, page)
    _add_others(results, found.others)
    results.unknown = found.unknown
    results.corrected = _with(query, found.corrected) if found.corrected else ""
    results.meant = found.meant
    return results


def _add_products(results: Results, found: Found, page: int) -> None:
    if PRODUCTS not in sources():
        return
    named = _by_code(results.query)
    results.product_ids = list(dict.fromkeys([*named, *found.products]))
    paginator = Paginator(results.product_ids, PER_PAGE)
    results.page_obj = paginator.get_page(page)
    results.products = cards(list(results.page_obj.object_list))
    results.counts[PRODUCTS] = paginator.count
    results.exact = found.exact
    results.loose = bool(found.products) and not found.exact and not named


def _add_others(results: Results, others: Mapping[str, Sequence[int]]) -> None:
    for group, model in page_sections().items():
        if group != CATEGORIES:
            results.groups[group] = _teasers(model, others.get(group, ()))
            results.counts[group] = len(results.groups[group])
    results.links = links({section: others.get(section, ()) for section in (CATEGORIES, BRANDS)})


def _teasers(model: type[Page], ids: Sequence[int]) -> list[Page]:
    if not ids:
        return []
    pages = public(model.objects.live()).filter(pk__in=ids)
    try:
        model._meta.get_field("image")
        pages = pages.select_related("image")
    except FieldDoesNotExist:
        pass
    found = {page.pk: page for page in pages}
    return [found[pk] for pk in ids if pk in found]


def suggest(*, query: str) -> Suggestions:
    """Products, categories, brands and other pages whose title goes on like the query."""
    if not query or is_too_short(query):
        return Suggestions(query)
    sections = {PRODUCTS: SUGGESTED_PRODUCTS} if PRODUCTS in sources() else {}
    sections |= dict.fromkeys([*page_sections(), BRANDS], SUGGESTED_OTHERS)
    found = dict(finder().complete(query=query, sections=sections))
    return Suggestions(query, cards(found.pop(PRODUCTS, ())), links(found))


def _with(query: str, corrected: Mapping[str, str]) -> str:
    """The query with its misspelled words put right, in lower case."""
    return " ".join(corrected.get(word, word) for word in query.casefold().split())


def _by_code(query: str) -> list[int]:
    """The live public product that has this SKU or barcode."""
    if len(query) > SKU_MAX_LENGTH:
        return []
    variants = Variant.objects.filter(Q(sku__in={query, query.upper()}) | Q(barcode=query), active=True)
    products = public(ProductPage.objects.live()).filter(pk__in=variants.values("product_id"))
    return list(products.values_list("pk", flat=True)[:1])
