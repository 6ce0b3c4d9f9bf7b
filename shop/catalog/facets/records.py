"""What facets need to know of a product, read from the database a few thousand at a time."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.text import slugify
from wagtail.models import Page

from cms.restrictions import public
from shop.catalog.attribute_values import Definition, Kind
from shop.catalog.attributes import Definitions, definitions
from shop.catalog.models import ProductPage
from shop.catalog.offers import BATCH

BRAND, AVAILABLE, RATING = "brand", "available", "rating"
# Stars from which on there is an option "and up".
STARS = (4, 3, 2)
COLUMNS = (
    "pk",
    "path",
    "title",
    "first_published_at",
    "product_type_id",
    "attributes",
    "brand__slug",
    "brand__name",
    "brand__live",
    "listing__price",
    "listing__price_highest",
    "listing__available",
    "listing__popularity",
    "listing__rating",
    "listing__reviews",
    "listing__stale_at",
)
# Reviews that a product is given beside its own before it is ranked, and their rating: one enthusiast does not make a
# product the best of the shop.
PRIOR_REVIEWS, PRIOR_RATING = 5, 350


@dataclass(slots=True)
class Record:
    """A live public product. Prices in minor units; ``stale_at`` and ``published`` in seconds since 1970.

    ``values`` are facet and value, ``labels`` what people read for those that no editor has defined, ``numbers`` what
    it says for attributes that are numbers.
    """

    pk: int
    path: str
    title: str
    published: float
    price: int | None
    price_highest: int | None
    popularity: int
    score: float
    stale_at: float | None
    further: tuple[str, ...]
    values: list[tuple[str, str]]
    labels: dict[tuple[str, str], str]
    numbers: list[tuple[str, float]]


def records(product_ids: Collection[int] | None = None) -> Iterator[Record]:
    """The records of these products, or of all; those that are not live and public are left out.

    Two queries for up to 2,000 products, and two for all of them.
    """
    known = definitions()
    products = public(ProductPage.objects.live()).order_by()
    through = ProductPage.further_categories.through.objects.order_by()
    if product_ids is None:
        yield from _read(products, through.all(), known)
        return
    ids = sorted(product_ids)
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        yield from _read(products.filter(pk__in=batch), through.filter(productpage__in=batch), known)


def _read(products: "QuerySet[ProductPage]", through: "QuerySet[Any]", known: Definitions) -> Iterator[Record]:
    further: dict[int, list[str]] = {}
    for pk, path in through.values_list("productpage_id", "categorypage__path"):
        further.setdefault(pk, []).append(path)
    attributes = _Attributes(known)
    for row in products.values_list(*COLUMNS).iterator(chunk_size=BATCH):
        made = _record(row, tuple(further.get(row[0], ())))
        attributes.add(made, row[4], row[5])
        yield made


def _record(row: tuple[Any, ...], further: tuple[str, ...]) -> Record:
    pk, path, title, published, _, _, slug, brand, brand_live, *numbers = row
    price, highest, available, popularity, rating, reviews, stale_at = numbers
    made = Record(
        pk,
        path,
        title.lower(),
        published.timestamp() if published else -1.0,
        price,
        highest,
        popularity or 0,
        score(rating, reviews or 0),
        stale_at.timestamp() if stale_at else None,
        further,
        [],
        {},
        [],
    )
    if slug and brand_live:
        made.values.append((BRAND, slug))
        made.labels[BRAND, slug] = brand
    if available:
        made.values.append((AVAILABLE, "1"))
    if rating:
        made.values += [(RATING, str(stars)) for stars in STARS if rating >= stars * 100]
    return made


class _Attributes:
    """Which filterable attributes products have, remembered by the category they are in: most have many neighbours."""

    def __init__(self, known: Definitions) -> None:
        self._known = known
        self._filterable = {code: attribute for code, attribute in known.attributes.items() if attribute.filterable}
        self._choices = {
            code: frozenset(choice.value for choice in attribute.choices)
            for code, attribute in self._filterable.items()
        }
        self._of_category: dict[tuple[str, int | None], list[Definition] | None] = {}

    def _of(self, path: str, own_type: int | None, stored: dict[str, Any]) -> list[Definition]:
        key = (path[: -Page.steplen], own_type)
        if key not in self._of_category:
            # Without any type it depends on what the product has values of.
            typed = bool(self._known.types_of(path, own_type))
            self._of_category[key] = self._filtered(self._known.codes(path, own_type, {})) if typed else None
        found = self._of_category[key]
        return self._filtered(self._known.codes(path, own_type, stored)) if found is None else found

    def _filtered(self, codes: Iterable[str]) -> list[Definition]:
        return [self._filterable[code] for code in codes if code in self._filterable]

    def add(self, made: Record, own_type: int | None, stored: Any) -> None:
        """Values that an attribute does not allow (any more) are left out."""
        if not stored or not self._filterable or not isinstance(stored, dict):
            return
        for attribute in self._of(made.path, own_type, stored):
            code = attribute.code
            value = stored.get(code)
            if value is None:
                continue
            if attribute.has_choices:
                allowed = self._choices[code]
                chosen = value if isinstance(value, list) else [value]
                made.values += [(code, choice) for choice in chosen if isinstance(choice, str) and choice in allowed]
            elif attribute.kind == Kind.NUMBER:
                if isinstance(value, int | float) and not isinstance(value, bool):
                    made.numbers.append((code, float(value)))
            elif attribute.kind == Kind.BOOLEAN:
                if isinstance(value, bool):
                    made.values.append((code, "yes" if value else "no"))
            elif isinstance(value, str):
                # A date is found by its year, words by what an address can carry of them.
                text = value[:4] if attribute.kind == Kind.DATE else value
                if key := slugify(text, allow_unicode=True):
                    made.values.append((code, key))
                    made.labels[code, key] = text


def score(rating: int | None, reviews: int) -> float:
    """By which products are ranked: hundredths of a star, weighed by the number of reviews; -1 without a rating."""
    if rating is None:
        return -1.0
    return (rating * reviews + PRIOR_RATING * PRIOR_REVIEWS) / (reviews + PRIOR_REVIEWS)
