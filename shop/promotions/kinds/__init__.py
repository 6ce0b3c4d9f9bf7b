"""The kinds of promotion that the shop knows. ``docs/promotions.md`` tells how to add one."""

from collections.abc import Iterator

from shop.promotions.kinds.base import Arguments, Kind, Line, Target
from shop.promotions.kinds.delivery import FreeDelivery
from shop.promotions.kinds.quantities import BundlePrice, BuySomeGetSome
from shop.promotions.kinds.reductions import AmountOff, FixedPrice, PercentOff

__all__ = ["AlreadyRegistered", "Arguments", "Kind", "Line", "Target", "UnknownKind", "registry"]

CODE_MAX_LENGTH = 30
_ANY_CURRENCY = "EUR"


class AlreadyRegistered(RuntimeError):
    """Two kinds have the same code."""


class UnknownKind(LookupError):
    """No kind has this code: the app that had it is no longer installed."""


class KindRegistry:
    """The kinds, in the order in which editors see them."""

    def __init__(self) -> None:
        self._kinds: dict[str, Kind] = {}
        self._required: dict[str, frozenset[str]] = {}

    def register(self, kind: Kind) -> None:
        """Add a kind. Raises AlreadyRegistered for a code that is taken, ValueError for one that cannot be stored."""
        if not (kind.code.isidentifier() and len(kind.code) <= CODE_MAX_LENGTH):
            raise ValueError(f"{kind.code!r} is no code: use at most {CODE_MAX_LENGTH} letters, digits and _.")
        if kind.code in self._kinds:
            raise AlreadyRegistered(f"A kind of promotion {kind.code!r} is registered already.")
        self._kinds[kind.code] = kind
        # Which fields are needed does not depend on the currency.
        fields = kind.fields(_ANY_CURRENCY)
        self._required[kind.code] = frozenset(name for name, field in fields.items() if field.required)

    def required(self, code: str) -> frozenset[str]:
        """The arguments without which a promotion of this kind does nothing. Raises KeyError for no kind."""
        return self._required[code]

    def get(self, code: str) -> Kind:
        """The kind with this code. Raises UnknownKind."""
        try:
            return self._kinds[code]
        except KeyError:
            raise UnknownKind(f"There is no kind of promotion {code!r}.") from None

    def __contains__(self, code: object) -> bool:
        return code in self._kinds

    def __iter__(self) -> Iterator[Kind]:
        return iter(self._kinds.values())


registry = KindRegistry()


def register_own_kinds() -> None:
    """Called once, when the app is ready."""
    for kind in (PercentOff(), AmountOff(), FixedPrice(), BuySomeGetSome(), BundlePrice(), FreeDelivery()):
        registry.register(kind)
