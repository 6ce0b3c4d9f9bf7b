"""What an editor sees beside each variant on the product's screen, without the catalogue knowing who keeps it.

Rooms above register their columns (in ``AppConfig.ready``): pricing the price, inventory the stock.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from django import forms

from shop.catalog.models import ProductPage, Variant


class Link(NamedTuple):
    """A link below the table, say to the history of prices."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row of which something was changed, as ``VariantColumns.save`` explains its parts."""

    variant: Variant
    values: Mapping[str, Any]
    before: Mapping[str, Any]
    changed: Collection[str]


class VariantColumns(ABC):
    """One or more columns that change together under one permission.

    Field names must be unique over all registered columns: start them with ``code``.
    """

    # Unique. Columns stand in the order of their codes.
    code: ClassVar[str]
    # What changing a value needs ("pricing.add_price"). Seeing needs the right to edit the page.
    permission: ClassVar[str]

    @abstractmethod
    def fields(self) -> dict[str, forms.Field]:
        """Fresh form fields, one per column; the label is the column's heading. None may be required."""

    @abstractmethod
    def current(self, variants: Collection[Variant]) -> Mapping[int, Mapping[str, Any]]:
        """The values of each variant by its id, read afresh; a variant without any may be left out."""

    @abstractmethod
    def save(
        self,
        *,
        variant: Variant,
        values: Mapping[str, Any],
        before: Mapping[str, Any],
        changed: Collection[str],
        shared: Mapping[str, Any],
        user: Any,
    ) -> None:
        """Store the row's values, of which ``changed`` differ from ``before`` (empty for a new variant).

        Runs in the transaction of the whole table, after the variant itself is stored. Raises ValueError with words
        for the editor where it may not be; then nothing of the table is stored.
        """

    @abstractmethod
    def check(
        self,
        *,
        values: Mapping[str, Any],
        before: Mapping[str, Any],
        changed: Collection[str],
        shared: Mapping[str, Any],
    ) -> None:
        """Raises ValidationError, naming fields, for changed values that make no sense together.

        Comes before anything is stored, so that an editor sees all messages at once.
        """

    def save_all(self, *, rows: Sequence[RowChange], shared: Mapping[str, Any], user: Any) -> dict[int, str]:
        """Store the changed rows of one save; gives the ids of the variants that were refused, each with words.

        Rooms whose ``save`` takes queries of its own override it: two thousand rows may come at once. Whatever is
        refused, the caller stores nothing.
        """
        refused: dict[int, str] = {}
        for row in rows:
            try:
                self.save(
                    variant=row.variant,
                    values=row.values,
                    before=row.before,
                    changed=row.changed,
                    shared=shared,
                    user=user,
                )
            except ValueError as error:
                refused[row.variant.pk] = str(error)
        return refused

    def shared_fields(self) -> dict[str, forms.Field]:
        """Fields below the table that hold for all changes of one save, say a reason."""
        return {}

    def text(self, name: str, value: Any) -> str:
        """A value as a person without the permission reads it."""
        return "" if value is None else str(value)

    def notes(self, variants: Collection[Variant]) -> Mapping[int, Mapping[str, str]]:
        """Small print below a field, by variant id and field name."""
        return {}

    def links(self, product: ProductPage, user: Any) -> Sequence[Link]:
        """Links below the table that this user may follow."""
        return ()


class AlreadyRegistered(RuntimeError):
    """Two columns have the same code."""


_columns: dict[str, VariantColumns] = {}


def register(columns: VariantColumns) -> None:
    """Add columns to the table. Raises AlreadyRegistered for a code that others have taken."""
    if type(_columns.get(columns.code, columns)) is not type(columns):
        raise AlreadyRegistered(f"Columns {columns.code!r} are registered already.")
    _columns[columns.code] = columns


def registered() -> list[VariantColumns]:
    """All columns, in the order of their codes: price before stock, whichever app was loaded first."""
    return [_columns[code] for code in sorted(_columns)]
