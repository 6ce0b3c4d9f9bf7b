"""The kinds of product file that can be read.

A dialect turns rows into product drafts and knows nothing of the database; reading files, comparing with the shop and
writing are the same for all of them. A new one is a class like ``Dialect`` in ``DIALECTS``.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import ClassVar, Protocol

from shop.imports.dialects.cornhill import CornhillDialect
from shop.imports.dialects.shopify import ShopifyDialect
from shop.imports.dialects.woocommerce import WooCommerceDialect
from shop.imports.drafts import ProductDraft
from shop.imports.problems import Problem
from shop.imports.reading import Row, UnreadableFile


class Dialect(Protocol):
    """One kind of file, about to be read once."""

    name: ClassVar[str]  # kept with what was imported
    label: ClassVar[str]  # for people

    def __init__(self, headers: Sequence[str], *, currency: str, attributes: Collection[str] = ()) -> None: ...

    @classmethod
    def recognises(cls, headers: Sequence[str]) -> bool:
        """Whether a file with these headers is of this kind."""
        ...

    def drafts(self, rows: Iterable[Row | Problem]) -> Iterator[ProductDraft | Problem]:
        """Products in the order of the file, each as soon as its last row has been read."""
        ...


# The first that recognises a file reads it: the most particular first.
DIALECTS: tuple[type[Dialect], ...] = (CornhillDialect, WooCommerceDialect, ShopifyDialect)


def dialect_for(headers: Sequence[str], *, currency: str, attributes: Collection[str] = ()) -> Dialect:
    """The dialect of a file with these headers. Raises UnreadableFile where none knows them.

    ``attributes`` are the codes of the shop's attributes: columns of these names are read as such.
    """
    for dialect in DIALECTS:
        if dialect.recognises(headers):
            return dialect(headers, currency=currency, attributes=attributes)
    found = ", ".join(header for header in headers if header)[:200] or "none"
    raise UnreadableFile(
        "The file is not a product CSV: there is no “Title” column in its first row. "
        f"Headers found: {found}. Export products from Shopify (Products > Export > CSV), from WooCommerce "
        "(Products > Export) or from this shop, and try again."
    )
