"""Which columns of a file mean what, whatever its dialect."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from shop.imports.reading import normalise_header


@dataclass(slots=True)
class Columns:
    """Which of a file's headers mean what."""

    headers: dict[str, str]  # our name -> normalised header in this file
    facts: dict[str, str] = field(default_factory=dict)  # normalised header -> label of a fact
    attributes: dict[str, str] = field(default_factory=dict)  # normalised header -> code of an attribute

    @classmethod
    def of(cls, headers: Sequence[str], aliases: Mapping[str, Sequence[str]]) -> "Columns":
        """``aliases``: our name -> what a file may call it, the preferred one first."""
        present = {normalise_header(header) for header in headers}
        names: dict[str, str] = {}
        for name, known in aliases.items():
            for alias in map(normalise_header, known):
                if alias in present:
                    names[name] = alias
                    break
        return cls(names)

    def __contains__(self, name: str) -> bool:
        return name in self.headers

    def cell(self, cells: Mapping[str, str], name: str) -> str:
        """The cell of a column, stripped; empty where the file has no such column or the row ends before it."""
        header = self.headers.get(name)
        return cells.get(header, "").strip() if header else ""

    def cells_of(self, cells: Mapping[str, str], names: Sequence[str]) -> Iterator[str]:
        for name in names:
            yield self.cell(cells, name)


def attribute_code(name: str, codes: Collection[str]) -> str:
    """The one of the shop's attribute codes that a name stands for (``Heel-height`` for ``heel_height``), or empty."""
    code = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")
    return code if code in codes else ""
