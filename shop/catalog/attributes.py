"""Typed attributes of products: which a product has, what it says for them.

A category may name a product type; products have the attributes of the types of all categories above them, topmost
first. A product that names a type itself has that one's alone. A product without any type has whatever it has values
of. Values are content (``ProductPage.attributes``), definitions are not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from wagtail.models import Page

from cms.remembered import Remembered
from shop.catalog import attribute_values
from shop.catalog.attribute_values import Definition
from shop.catalog.models import Attribute, CategoryPage, ProductPage, ProductType, TypeAttribute


@dataclass(frozen=True, slots=True)
class TypeInfo:
    """A product type; ``attributes`` are codes in the order in which they are shown."""

    pk: int
    name: str
    slug: str
    attributes: tuple[str, ...]
    required: frozenset[str]


@dataclass(frozen=True, slots=True)
class AttributeValue:
    """What a product says for an attribute: ``value`` as it is stored, ``text`` as a person reads it.

    ``colours`` are those of its choices, ``#rrggbb``.
    """

    code: str
    name: str
    kind: str
    value: Any
    text: str
    unit: str = ""
    colours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Definitions:
    """All attributes by code, all types by id, and which categories (by path) name which type."""

    attributes: Mapping[str, Definition]
    types: Mapping[int, TypeInfo]
    categories: Mapping[str, int]

    def types_of(self, path: str, own_type: int | None = None) -> list[TypeInfo]:
        """The types that a product has by its place in the tree, topmost first, or its own alone."""
        if own_type is not None and own_type in self.types:
            return [self.types[own_type]]
        if not self.categories:
            return []
        above = (path[:end] for end in range(Page.steplen, len(path), Page.steplen))
        found = (self.categories.get(prefix) for prefix in above)
        return [self.types[pk] for pk in dict.fromkeys(found) if pk is not None and pk in self.types]

    def codes(self, path: str, own_type: int | None, stored: Mapping[str, Any]) -> list[str]:
        """Codes of the attributes that a product has, in order. ``stored`` are its values."""
        types = self.types_of(path, own_type)
        if not types:
            return [code for code in self.attributes if code in stored]
        return list(dict.fromkeys(code for found in types for code in found.attributes))

    def required(self, path: str, own_type: int | None) -> set[str]:
        """Codes of the attributes without which such a product is not published."""
        return {code for found in self.types_of(path, own_type) for code in found.required}


_remembered: Remembered[Definitions] = Remembered("attributes")


def definitions() -> Definitions:
    """Everything that editors have defined; no query once warm. Read it once for many products."""
    return _remembered.get("all", _read)


def forget_definitions() -> None:
    """Read them again once this transaction is committed."""
    _remembered.forget()


def type_of(product: ProductPage, known: Definitions | None = None) -> TypeInfo | None:
    """The product's own type, else that of the nearest category above it that names one."""
    found = (known or definitions()).types_of(product.path or "", product.product_type_id)
    return found[-1] if found else None


def values(product: ProductPage, known: Definitions | None = None) -> list[AttributeValue]:
    """What a product says for each of its attributes, in order; those without a valid value are left out."""
    known = known or definitions()
    stored = product.attributes if isinstance(product.attributes, dict) else {}
    found = []
    for code in known.codes(product.path or "", product.product_type_id, stored):
        attribute = known.attributes.get(code)
        if attribute and (text := attribute_values.text(attribute, stored.get(code))):
            value = stored[code]
            colours = attribute_values.colours(attribute, value)
            found.append(AttributeValue(code, attribute.name, attribute.kind, value, text, attribute.unit, colours))
    return found


def facts(product: ProductPage, known: Definitions | None = None) -> list[AttributeValue]:
    """Those of ``values`` that the product's page shows."""
    known = known or definitions()
    return [value for value in values(product, known) if known.attributes[value.code].in_facts]


def words(product: ProductPage, known: Definitions | None = None) -> str:
    """What the search finds the product by: the searchable attributes as a person reads them."""
    known = known or definitions()
    found = (value for value in values(product, known) if known.attributes[value.code].searchable)
    return " ".join(value.name if value.value is True else value.text for value in found if value.value is not False)


def clean_value(attribute: Attribute | Definition, raw: Any) -> Any:
    """What is stored for a raw value of a form or a file; None for nothing.

    Raises ValidationError with words for the editor; see ``shop/catalog/attribute_values.py`` for what is understood.
    """
    if isinstance(attribute, Attribute):
        attribute = Definition.of(attribute)
    return attribute_values.clean(attribute, raw)


def clean_values(raw: Mapping[str, Any], known: Definitions | None = None) -> dict[str, Any]:
    """What is stored for raw values by code. Raises one ValidationError for everything that is wrong with them."""
    known = known or definitions()
    cleaned, errors = {}, []
    for code, value in raw.items():
        attribute = known.attributes.get(code)
        if attribute is None:
            errors.append(ValidationError(f"No attribute has the code “{str(code)[:50]}”.", code="unknown"))
            continue
        try:
            stored = attribute_values.clean(attribute, value)
        except ValidationError as error:
            errors.append(error)
            continue
        if stored is not None:
            cleaned[code] = stored
    if errors:
        raise ValidationError(errors)
    return cleaned


def _read() -> Definitions:
    attributes = {
        found.code: Definition.of(found)
        for found in Attribute.objects.prefetch_related("choices").order_by("position", "name")
    }
    uses: dict[int, list[tuple[str, bool]]] = {}
    rows = TypeAttribute.objects.order_by("position", "pk")
    for type_id, code, required in rows.values_list("product_type", "attribute__code", "required"):
        uses.setdefault(type_id, []).append((code, required))
    types = {
        pk: TypeInfo(
            pk,
            name,
            slug,
            tuple(code for code, _ in uses.get(pk, [])),
            frozenset(code for code, required in uses.get(pk, []) if required),
        )
        for pk, name, slug in ProductType.objects.values_list("pk", "name", "slug")
    }
    named = CategoryPage.objects.filter(product_type__isnull=False, live=True)
    return Definitions(attributes, types, dict(named.values_list("path", "product_type_id")))
