"""Finding things by words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q
from django.http import QueryDict
from wagtail.models import Page

from cms.restrictions import public
from cms.selectors import shop_currency
from search import rules
from search.finders import Found, Synonyms, finder
from search.forms import is_too_short
from search.links import Link, links
from search.log import past_queries
from search.rules import Rule
from search.sources import BRANDS, LINKED, PRODUCTS, page_sections, sources
from shop.catalog.browsing import PER_PAGE, RELEVANCE
from shop.catalog.cards import Card
from shop.catalog.facets.browsed import Browsed, browse
from shop.catalog.models import ProductPage, Variant
from shop.catalog.models.variant import SKU_MAX_LENGTH
from shop.catalog.presentation import listing_context
from shop.catalog.selectors import cards

# How many of each group beside products, and how many suggestions of each kind.
TEASERS = 6
SUGGESTED_PRODUCTS = 5
SUGGESTED_OTHERS = 3
SUGGESTED_QUERIES = 4
# Variants that are looked at for one barcode.
CODE_SHARED_MOST = 20


@dataclass
class Results:
    """What was found. ``groups`` holds the pages of each group beside products, best first.

    The first ``exact`` products have all the words; ``loose`` says that none has.
    """

    query: str
    products: list[Card] = field(default_factory=list)
    # What ``partials/catalog/listing.html`` shows: the products of the page, filters, their counts, the order.
    listing: dict[str, Any] = field(default_factory=dict)
    groups: dict[str, list[Page]] = field(default_factory=dict)
    links: dict[str, list[Link]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    exact: int = 0
    loose: bool = False
    unknown: Sequence[str] = ()
    # The query as it was searched for, where words of it were misspelled; one that would find more.
    corrected: str = ""
    meant: str = ""
    # Where editors have this query lead instead.
    address: str = ""

    @property
    def total(self) -> int:
        """How much was found of any kind; 1 for a query that editors have sent elsewhere."""
        return sum(self.counts.values()) + sum(map(len, self.links.values())) + bool(self.address)

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
    queries: list[str] = field(default_factory=list)


def find(
    *, query: str, parameters: QueryDict | None = None, rule: Rule | None = None, synonyms: Synonyms | None = None
) -> Results:
    """Live public things for a cleaned query, those with all of its words first.

    A product whose SKU or barcode is the query comes first, then what editors have pinned. ``parameters`` filter, sort
    and page the products; a page beyond the last one is the last one. ``rule`` and ``synonyms`` stand in for those that
    editors have published.
    """
    results = Results(query)
    if not query or results.too_short:
        return results
    rule = rules.rule_for(query) if rule is None else rule
    if rule.address:
        results.address = rule.address
        return results
    sections = dict.fromkeys([*page_sections(), BRANDS], TEASERS)
    synonyms = rules.synonyms() if synonyms is None else synonyms
    found = finder().find(query=query, others=sections, synonyms=synonyms)
    if PRODUCTS in sources():
        _add_products(results, found, rule, parameters or QueryDict())
    _add_others(results, found.others)
    results.unknown = found.unknown
    results.corrected = _with(query, found.corrected) if found.corrected else ""
    results.meant = found.meant
    return results


def _add_products(results: Results, found: Found, rule: Rule, parameters: QueryDict) -> None:
    named = _by_code(results.query)
    first = dict.fromkeys([*named, *rule.pinned])
    ranked = [pk for pk in {**first, **dict.fromkeys(found.products)} if pk not in rule.hidden]
    browsed = _browse(results.query, ranked, parameters)
    results.listing = listing_context(browsed)
    results.products = results.listing["cards"]
    results.counts[PRODUCTS] = browsed.unfiltered
    results.exact = sum(pk not in rule.hidden for pk in found.products[: found.exact])
    results.loose = bool(found.products) and not found.exact and not named


def _browse(query: str, ranked: list[int], parameters: QueryDict) -> Browsed:
    """A page beyond the last one is the last one: results change from one day to the next."""
    browsed = _browsed(query, ranked, parameters)
    last = max(1, ceil(len(browsed.products) / PER_PAGE))
    if browsed.listing.page <= last:
        return browsed
    parameters = parameters.copy()
    parameters["page"] = str(last)
    return _browsed(query, ranked, parameters)


def _browsed(query: str, ranked: list[int], parameters: QueryDict) -> Browsed:
    return browse(
        parameters=parameters, currency=shop_currency(), ranked=ranked, default_sort=RELEVANCE, kept={"q": query}
    )


def _add_others(results: Results, others: Mapping[str, Sequence[int]]) -> None:
    for group, model in page_sections().items():
        if group not in LINKED:
            results.groups[group] = _teasers(model, others.get(group, ()))
            results.counts[group] = len(results.groups[group])
    results.links = links({section: others.get(section, ()) for section in LINKED})


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
    asked = past_queries(beginning=query, limit=SUGGESTED_QUERIES)
    return Suggestions(query, cards(found.pop(PRODUCTS, ())), links(found), asked)


def _with(query: str, corrected: Mapping[str, str]) -> str:
    """The query with its misspelled words put right, in lower case."""
    return " ".join(corrected.get(word, word) for word in query.casefold().split())


def _by_code(query: str) -> list[int]:
    """The live public product that has this SKU or barcode."""
    if len(query) > SKU_MAX_LENGTH:
        return []
    variants = Variant.objects.filter(Q(sku__in={query, query.upper()}) | Q(barcode=query), active=True)
    # Hardly any query is a code, so that the second question is hardly ever asked.
    if not (having := list(variants.values_list("product_id", flat=True)[:CODE_SHARED_MOST])):
        return []
    return list(public(ProductPage.objects.live()).filter(pk__in=having).values_list("pk", flat=True)[:1])
