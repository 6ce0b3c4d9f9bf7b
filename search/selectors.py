"""Finding pages by words, through Wagtail's search backend."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.utils.functional import cached_property
from wagtail.models import Page
from wagtail.search.backends import get_search_backend
from wagtail.search.query import Or, PlainText, SearchQuery

from cms.restrictions import public
from search.forms import forms_of, is_too_short, words
from search.sources import PRODUCTS, sources
from shop.catalog.cards import Card
from shop.catalog.models import CategoryPage, ProductPage, Variant
from shop.catalog.models.variant import SKU_MAX_LENGTH
from shop.catalog.selectors import cards

PER_PAGE = 24
# How many of each group beside products, and how many suggestions of each kind.
TEASERS = 6
SUGGESTED_PRODUCTS = 5
SUGGESTED_OTHERS = 3
# Combinations of singular and plural that are tried: all of them for three words.
SPELLINGS_MOST = 8


@dataclass
class Results:
    """What was found. ``groups`` holds the pages of each group beside products, best first."""

    query: str
    products: list[Card] = field(default_factory=list)
    page_obj: "PaginatorPage[Any] | None" = None
    groups: dict[str, list[Page]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    # Nothing has all the words, so that results have some of them.
    loose: bool = False

    @property
    def too_short(self) -> bool:
        """Whether something was typed, but nothing that could be looked for."""
        return is_too_short(self.query)


@dataclass(frozen=True)
class Suggestions:
    """What a few letters may become."""

    query: str
    products: list[Card] = field(default_factory=list)
    categories: list[CategoryPage] = field(default_factory=list)
    groups: dict[str, list[Page]] = field(default_factory=dict)


def find(*, query: str, page: int = 1) -> Results:
    """Live public pages with all words of a cleaned query; with any of them where none has all.

    A product whose SKU or barcode is the query comes first. A page beyond the last one is the last one.
    """
    results = Results(query)
    if not query or results.too_short:
        return results
    named = _by_code(query)
    attempts = list(_attempts(words(query)))
    for attempt in attempts:
        loose = attempt is attempts[-1] and len(words(query)) > 1
        if loose and any(results.counts.values()):
            break
        _fill(results, attempt, named, page)
        results.loose = loose and any(results.counts.values())
        # A story that says "lamps" is no reason to keep the lamps back.
        if results.counts.get(PRODUCTS):
            break
    return results


def _attempts(terms: list[str]) -> Iterator[SearchQuery | str]:
    """What to look for, strictest first: all words, all words in the singular or plural, any of them."""
    yield " ".join(terms)
    forms = [sorted(forms_of(term)) for term in terms]
    # An "or" of "and"s: SQLite's backend writes no brackets, so the other way round would mean something else.
    spellings = [" ".join(spelling) for spelling in islice(product(*forms), SPELLINGS_MOST)]
    if len(spellings) > 1:
        yield Or([PlainText(spelling) for spelling in spellings])
    if len(terms) > 1:
        yield PlainText(" ".join(form for alternatives in forms for form in alternatives), operator="or")


def suggest(*, query: str) -> Suggestions:
    """Products, categories and others whose title goes on like the query."""
    if not query or is_too_short(query):
        return Suggestions(query)
    typed = words(query)
    for text in dict.fromkeys((" ".join(typed), " ".join(min(forms_of(word), key=len) for word in typed))):
        suggestions = _suggest(query, text)
        if suggestions.products or suggestions.categories or any(suggestions.groups.values()):
            break
    return suggestions


def _suggest(query: str, text: str) -> Suggestions:
    backend = get_search_backend()
    groups: dict[str, list[Page]] = {}
    products: list[Card] = []
    for group, model in sources().items():
        if group == PRODUCTS:
            found = backend.autocomplete(text, _searchable(model))[:SUGGESTED_PRODUCTS]
            products = cards([page.pk for page in found])
        else:
            groups[group] = list(backend.autocomplete(text, _searchable(model))[:SUGGESTED_OTHERS])
    categories = list(backend.autocomplete(text, _searchable(CategoryPage))[:SUGGESTED_OTHERS])
    return Suggestions(query, products, categories, groups)


def _fill(results: Results, attempt: SearchQuery | str, named: list[int], page: int) -> None:
    backend = get_search_backend()
    for group, model in sources().items():
        pages = _searchable(model)
        if group == PRODUCTS:
            ranked = _Ranked(named, backend.search(attempt, pages.exclude(pk__in=named) if named else pages))
            paginator = Paginator(ranked, PER_PAGE)
            results.page_obj = paginator.get_page(page)
            results.products = cards(list(results.page_obj.object_list))
            results.counts[group] = paginator.count
        else:
            found = backend.search(attempt, pages)
            results.groups[group] = list(found[:TEASERS])
            shown = len(results.groups[group])
            results.counts[group] = shown if shown < TEASERS else found.count()


class _Ranked(Sequence[int]):
    """Ids of products: the one named by its code, then those found by words."""

    def __init__(self, named: list[int], found: Any) -> None:
        self.named, self.found = named, found

    @cached_property
    def length(self) -> int:
        return len(self.named) + int(self.found.count())

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, key: Any) -> Any:
        """Slices only: what a paginator asks for."""
        start, stop, _ = key.indices(len(self))
        first = len(self.named)
        found = self.found[max(start - first, 0) : stop - first] if stop > first else []
        return [*self.named[start:stop], *(page.pk for page in found)]


def _by_code(query: str) -> list[int]:
    """The live public product that has this SKU or barcode."""
    if len(query) > SKU_MAX_LENGTH:
        return []
    variants = Variant.objects.filter(Q(sku__in={query, query.upper()}) | Q(barcode=query), active=True)
    products = public(ProductPage.objects.live()).filter(pk__in=variants.values("product_id"))
    return list(products.values_list("pk", flat=True)[:1])


def _searchable(model: type[Page]) -> "QuerySet[Page]":
    pages = public(model.objects.live())
    if issubclass(model, ProductPage):
        return pages.only("pk")
    try:
        model._meta.get_field("image")
    except FieldDoesNotExist:
        return pages
    return pages.select_related("image")
