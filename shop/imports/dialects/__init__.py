"""The kinds of product file that can be read.

A dialect turns rows into product drafts and knows nothing of the database; reading files, comparing with the shop and
writing are the same for all of them. A new one is a class like ``Dialect`` in ``DIALECTS``.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from shop.imports.dialects.shopify import ShopifyDialect
from shop.imports.drafts import ProductDraft
from shop.imports.problems import Problem
from shop.imports.reading import Row, UnreadableFile


class Dialect(Protocol):
    """One kind of file, about to be read once."""

    name: str  # kept with what was imported
    label: str  # for people

    def __init__(self, headers: Sequence[str], *, currency: str) -> None: ...

    @classmethod
    def recognises(cls, headers: Sequence[str]) -> bool:
        """Whether a file with these headers is of this kind."""
        ...

    def drafts(self, rows: Iterable[Row | Problem]) -> Iterator[ProductDraft | Problem]:
        """Products in the order of the file, each as soon as its last row has been read."""
        ...


DIALECTS: tuple[type[Dialect], ...] = (ShopifyDialect,)


def dialect_for(headers: Sequence[str], *, currency: str) -> Dialect:
    """The dialect of a file with these headers. Raises UnreadableFile where none knows them."""
    for dialect in DIALECTS:
        if dialect.recognises(headers):
            return dialect(headers, currency=currency)
    found = ", ".join(header for header in headers if header)[:200] or "none"
    raise UnreadableFile(
        "The file is not a product CSV: there is no “Title” column in its first row. "
        f"Headers found: {found}. Export products from Shopify (Products > Export > CSV) and try again."
    )
