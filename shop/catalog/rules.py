"""What a collection's rule finds, in SQL."""

from collections.abc import Callable
from decimal import Decimal
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast

from cms.restrictions import public
from cms.selectors import shop_currency
from shop.catalog.attribute_values import Kind
from shop.catalog.badges import new_since
from shop.catalog.models import Attribute, CollectionPage, ProductPage, ProductTag
from shop.money import MoneyError, to_minor

# Matches no product. A condition that names nothing (any more) finds nothing, rather than everything.
NOTHING = Q(pk__in=[])
Condition = Callable[[Any], Q]


def found_by(collection: CollectionPage) -> "QuerySet[ProductPage]":
    """The live public products that the rule finds now, in no order; none without a condition."""
    products = public(ProductPage.objects.live())
    conditions = list(collection.conditions)
    if not conditions:
        return products.none()
    attributes = [block.value["attribute"] for block in conditions if block.block_type == "attribute"]
    for attribute in attributes:
        if attribute is not None:
            # Aliases, as a code may be a word that Django takes for a look-up.
            products = products.alias(
                **{
                    # As text for good: the look-ups of a key of JSON take what they compare with for JSON.
                    _text(attribute): Cast(KeyTextTransform(attribute.code, "attributes"), TextField()),
                    _json(attribute): KeyTransform(attribute.code, "attributes"),
                }
            )
    parts = [CONDITIONS[block.block_type](block.value) for block in conditions]
    return products.filter(reduce(or_ if collection.match == CollectionPage.Match.ANY else and_, parts))


def _brand(value: Any) -> Q:
    brands = [brand.pk for brand in value["brands"] if brand is not None]
    return Q(brand__in=brands) if brands else NOTHING


def _category(value: Any) -> Q:
    further = ProductPage.further_categories.through.objects
    found = NOTHING
    for category in value["categories"]:
        if category is not None:
            named = further.filter(categorypage__path__startswith=category.path).values("productpage_id")
            found |= Q(path__startswith=category.path) | Q(pk__in=named)
    return found


def _tag(value: Any) -> Q:
    names = [name.strip().lower() for name in value["tags"].split(",") if name.strip()]
    slugs = ProductTag.objects.filter(reduce(or_, (Q(tag__name__iexact=name) for name in names), NOTHING))
    return Q(pk__in=slugs.values("content_object_id")) if names else NOTHING


def _price(value: Any) -> Q:
    """A product with variants at several prices counts if any of them could be in the range, as in a listing."""
    low, high = (_amount(value[end]) for end in ("lowest", "highest"))
    found = Q(listing__price__isnull=False)
    if low is not None:
        found &= Q(listing__price_highest__gte=low)
    if high is not None:
        found &= Q(listing__price__lte=high)
    return found


def _amount(value: Decimal | None) -> int | None:
    try:
        return None if value is None else to_minor(value, shop_currency())
    except MoneyError:  # the shop's currency has changed to one with fewer places
        return None


def _attribute(value: Any) -> Q:
    attribute = value["attribute"]
    if attribute is None:
        return NOTHING
    text, json = _text(attribute), _json(attribute)
    if attribute.kind == Kind.BOOLEAN:
        return Q(**{f"{json}__in": [one == "True" for one in value["values"]]}) if value["values"] else NOTHING
    found = NOTHING
    if attribute.kind == Kind.NUMBER:
        numbers = [float(one) for one in value["values"]]
        found = reduce(or_, (Q(**{json: number}) for number in numbers), NOTHING)
    else:
        for one in value["values"]:
            # One value, or among several in a list.
            found |= Q(**{text: one})
            if attribute.multiple:
                found |= Q(**{f"{text}__contains": f'"{one}"'})
    if value["lowest"] or value["highest"]:
        found |= _between(attribute, value)
    return found


def _between(attribute: Any, value: Any) -> Q:
    """Dates are stored so that their order as text is that in time."""
    number = attribute.kind == Kind.NUMBER
    name = _json(attribute) if number else _text(attribute)
    found = Q(**{f"{name}__isnull": False})
    for end, lookup in (("lowest", "gte"), ("highest", "lte")):
        if value[end]:
            found &= Q(**{f"{name}__{lookup}": float(value[end]) if number else value[end]})
    return found


def _text(attribute: Attribute) -> str:
    return f"said{attribute.pk}"


def _json(attribute: Attribute) -> str:
    return f"stored{attribute.pk}"


CONDITIONS: dict[str, Condition] = {
    "brand": _brand,
    "category": _category,
    "tag": _tag,
    "price": _price,
    "attribute": _attribute,
    "new": lambda value: Q(first_published_at__gte=new_since()),
    "on_sale": lambda value: Q(listing__compare_at__isnull=False),
    "in_stock": lambda value: Q(listing__available=True),
}
