"""What stock refuses, in words for staff."""

from dataclasses import dataclass


class StockError(ValueError):
    """A movement that stock does not allow; the message says why, in words for staff."""


class StockConflict(StockError):
    """Stock has moved since the caller looked."""


@dataclass(frozen=True, slots=True)
class Shortage:
    """One SKU of which fewer units are left than were wanted."""

    sku: str
    wanted: int
    available: int


class OutOfStock(Exception):
    """A reservation was refused as a whole; ``shortages`` names every SKU that was short."""

    def __init__(self, shortages: list[Shortage]) -> None:
        self.shortages = shortages
        short = ", ".join(f"{s.sku} ({s.wanted} wanted, {s.available} left)" for s in shortages)
        super().__init__(f"Not enough stock: {short}")
