"""A kind of delivery is code: how a charge comes about. Editors make any number of methods of each kind.

To add one, write a class below ``MethodKind``, in this room or in a package of your own, and register it in
``AppConfig.ready``. Its ``fields`` become the form in the admin; nothing else has to know of it.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms

Arguments = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is to be sent: the goods' worth after discounts in minor units, and their weight in grams."""

    goods: int
    weight: int
    currency: str


class MethodKind(ABC):
    """How a charge follows from a parcel and from the arguments that an editor gave."""

    # Unique and lasting: stored with each method.
    code: ClassVar[str]
    # What an editor reads when choosing.
    label: ClassVar[str]
    explanation: ClassVar[str] = ""
    # Whether the buyer comes for it: needs no address, and tax is the shop's own country's.
    collected: ClassVar[bool] = False

    @abstractmethod
    def fields(self) -> dict[str, forms.Field]:
        """Fresh form fields, one per argument. Their cleaned values are kept as JSON: money in minor units."""

    @abstractmethod
    def charge(self, arguments: Arguments, parcel: Parcel) -> int | None:
        """Minor units, at least 0; None where this method does not take the parcel."""

    @abstractmethod
    def summary(self, arguments: Arguments, currency: str) -> str:
        """The charge in a few words for a member of staff."""

    def free_from(self, arguments: Arguments) -> int | None:
        """Goods of this worth (minor units) are delivered free; None where no amount makes it free."""
        return None

    def place(self, arguments: Arguments) -> str:
        """Where the buyer collects it, several lines; empty for what is sent."""
        return ""


class AlreadyRegistered(RuntimeError):
    """Two kinds have the same code."""


class KindRegistry:
    """The kinds of delivery that this shop knows, in the order in which they were registered."""

    def __init__(self) -> None:
        self._kinds: dict[str, MethodKind] = {}

    def register(self, kind: type[MethodKind]) -> None:
        """Add a kind. Raises AlreadyRegistered for a code that is taken."""
        if kind.code in self._kinds:
            raise AlreadyRegistered(f"A kind of delivery {kind.code!r} is registered already.")
        self._kinds[kind.code] = kind()

    def get(self, code: str) -> MethodKind | None:
        """The kind with this code; None where the code that made it is gone."""
        return self._kinds.get(code)

    def all(self) -> list[MethodKind]:
        """All of them."""
        return list(self._kinds.values())


registry = KindRegistry()
