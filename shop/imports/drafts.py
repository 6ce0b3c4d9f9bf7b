"""What a file says about products, in the shop's own terms, whatever dialect the file speaks.

Everywhere below ``None`` means that the file says nothing, and what the shop has is left alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from shop.imports.problems import Kind, Problem

# Option name and value, in order.
Options = list[list[str]]


# Address or file name of a picture, and its text alternative.
Picture = tuple[str, str]


@dataclass(slots=True)
class VariantDraft:
    """One sellable form. ``price`` and ``compare_at`` are minor units, ``weight`` grams."""

    line: int
    sku: str
    sku_given: bool = True  # False: made from handle and options
    options: Options = field(default_factory=list)
    barcode: str | None = None
    weight: int | None = None
    price: int | None = None
    compare_at: int | None = None
    compare_at_known: bool = False  # whether the file has a say in it: None then means "none"
    quantity: int | None = None
    tracked: bool | None = None
    active: bool | None = None  # whether it is sold
    picture: str = ""  # address or file name


@dataclass(slots=True)
class ProductDraft:
    """One product. ``key`` is what the file knows it by, ``slug`` the address it would like."""

    key: str
    line: int
    slug: str
    key_given: bool = True  # False: made from the title
    continued: bool = False  # an earlier part of the file had this product already
    title: str | None = None
    body: str | None = None
    brand: str | None = None
    seo_title: str | None = None
    seo_description: str | None = None
    live: bool | None = None
    category: tuple[str, ...] | None = None
    details: list[tuple[str, str]] | None = None
    facts_in_order: bool = False  # whether the order of ``details`` means anything
    summary: str | None = None
    tags: list[str] | None = None
    attributes: dict[str, str] | None = None  # code -> raw text
    pictures: list[Picture] | None = None
    images: int = 0  # named anywhere in the file
    variants: list[VariantDraft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def tell(self, line: int, kind: Kind, detail: str = "") -> None:
        self.problems.append(Problem(line, kind, detail))

    def statements(self) -> dict[str, str]:
        """Everything the file says, as name -> digest: what the next import compares with.

        Product fields go by their name; a variant's facts, price and stock by ``SKU|facts`` and so on.
        """
        said = {name: digest(value) for name in CONTENT_FIELDS if (value := getattr(self, name)) is not None}
        for variant in self.variants:
            said.update(dict(_variant_statements(variant)))
        return said


# What a page's words and state are made of; the rest of a draft is money, stock and variants.
CONTENT_FIELDS = (
    "title",
    "body",
    "brand",
    "seo_title",
    "seo_description",
    "live",
    "category",
    "details",
    "summary",
    "tags",
    "attributes",
    "pictures",
)


def _variant_statements(variant: VariantDraft) -> Iterator[tuple[str, str]]:
    facts: tuple[object, ...] = (variant.options, variant.barcode, variant.weight)
    if variant.active is not None:
        facts = (*facts, variant.active)
    yield f"{variant.sku}|facts", digest(facts)
    if variant.picture:
        yield f"{variant.sku}|picture", digest(variant.picture)
    if variant.price is not None:
        yield f"{variant.sku}|price", digest((variant.price, variant.compare_at, variant.compare_at_known))
    if variant.tracked is not None or variant.quantity is not None:
        yield f"{variant.sku}|stock", digest((variant.quantity, variant.tracked))


def digest(value: object) -> str:
    """A short fingerprint of a plain value; the same in every process."""
    return blake2b(repr(value).encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
