"""SKUs that a file leaves out or uses twice."""

from django.utils.text import slugify

from shop.catalog.models.variant import SKU_MAX_LENGTH
from shop.imports.cells import line_of_text
from shop.imports.drafts import Options, digest


def derive(key: str, options: Options, *, unlike: bool = False) -> str:
    """A SKU from a product's key and a variant's options; the same every time. ``unlike`` adds a fingerprint."""
    words = [key, *(value for _, value in options)]
    sku = slugify(" ".join(words), allow_unicode=True).upper() or "SKU"
    if unlike or len(sku) > SKU_MAX_LENGTH:
        mark = digest((key, options)).upper()
        sku = f"{sku[: SKU_MAX_LENGTH - len(mark) - 1].rstrip('-')}-{mark}"
    return sku


def tidy(cell: str) -> str:
    """A SKU without control characters, outer blanks and the apostrophe that keeps a spreadsheet from counting."""
    sku = line_of_text(cell)
    return sku[1:].strip() if sku.startswith("'") and sku[1:].strip() else sku


def shorten(sku: str) -> str:
    """An overlong SKU cut to size, told apart by a fingerprint of the whole."""
    mark = digest(sku).upper()
    return f"{sku[: SKU_MAX_LENGTH - len(mark) - 1].rstrip()}-{mark}"


class SkuRegister:
    """Who has used which SKU so far in one file. About 150 bytes for each, which is all that grows with a file."""

    def __init__(self) -> None:
        self._claims: dict[str, tuple[int, str]] = {}

    def earlier_line(self, sku: str) -> int:
        return self._claims[sku][0]

    def is_free(self, sku: str) -> bool:
        return sku not in self._claims

    def is_same(self, sku: str, key: str, options: Options) -> bool:
        """Whether the SKU was claimed by the same product with the same options."""
        return sku in self._claims and self._claims[sku][1] == digest((key, options))

    def claim(self, sku: str, key: str, options: Options, line: int) -> None:
        self._claims[sku] = (line, digest((key, options)))
