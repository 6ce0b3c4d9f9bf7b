"""What rooms above add to a product's page: a part of it below the facts, and what search engines read about it.

The page is the same for everyone, so a section reads the product only: no request, no user. It registers in
``AppConfig.ready``. Each section may cost a query or two, whatever it shows; the page's budget is asserted in tests.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from shop.catalog.models import ProductPage


class ProductSection(ABC):
    """A part of every product's page. ``template`` finds what ``context`` gives as ``section``."""

    # Unique. Sections stand in the order of ``rank``, then of their codes.
    code: ClassVar[str]
    template: ClassVar[str]
    rank: ClassVar[int] = 50

    @abstractmethod
    def context(self, product: ProductPage) -> Any:
        """What the template shows; None where there is nothing to show. Asked once for each page that is served."""

    def structured_data(self, product: ProductPage, context: Any) -> dict[str, Any]:
        """Properties of the schema.org Product. ``context`` is what was shown."""
        return {}


@dataclass(frozen=True, slots=True)
class Shown:
    """A section of one product's page."""

    section: ProductSection
    context: Any

    @property
    def template(self) -> str:
        return self.section.template


class AlreadyRegistered(RuntimeError):
    """Two sections have the same code."""


_sections: dict[str, ProductSection] = {}


def register(section: ProductSection) -> None:
    """Add a section. Raises AlreadyRegistered for a code that another kind of section has taken."""
    if type(_sections.get(section.code, section)) is not type(section):
        raise AlreadyRegistered(f"A section {section.code!r} is registered already.")
    _sections[section.code] = section


def sections_of(product: ProductPage) -> list[Shown]:
    """The sections that a product's page has; none for a page that was never saved."""
    if product.pk is None:
        return []
    ordered = sorted(_sections.values(), key=lambda section: (section.rank, section.code))
    found = [Shown(section, section.context(product)) for section in ordered]
    return [shown for shown in found if shown.context is not None]


def structured_data(product: ProductPage, shown: list[Shown]) -> dict[str, Any]:
    """What the sections add to the product's data."""
    data: dict[str, Any] = {}
    for each in shown:
        data |= each.section.structured_data(product, each.context)
    return data
