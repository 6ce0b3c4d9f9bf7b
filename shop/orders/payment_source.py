"""What orders show of a payment, and how they have money sent back, without knowing who keeps payments.

The room above registers one source in its ``AppConfig.ready``; registering twice is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from shop.orders.models import Order


@dataclass(frozen=True, slots=True)
class Instructions:
    """What the buyer has to do to pay: an introduction, and pairs of name and value such as an account number."""

    intro: str
    rows: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return "\n".join([self.intro, *(f"{name}: {value}" for name, value in self.rows)])


@dataclass(frozen=True, slots=True)
class RefundView:
    """Money that goes back, or has gone, for a person to read. The amount is minor units.

    ``key`` is what its letter and its credit note are kept under; ``settled`` says that it has gone.
    """

    key: str
    settled: bool
    amount: int
    status: str
    status_label: str
    reason: str
    reference: str
    failure: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PaymentView:
    """An order's payment for a person to read. Amounts are minor units; ``refundable`` could still go back."""

    provider: str
    label: str
    status: str
    status_label: str
    amount: int
    captured: int
    refunded: int
    currency: str
    reference: str
    failure: str
    updated_at: datetime
    instructions: Instructions | None = None
    refundable: int = 0
    # A complaint of the buyer at the bank, in words for staff.
    dispute: str = ""
    refunds: tuple[RefundView, ...] = ()


PaymentSource = Callable[[Order], PaymentView | None]


class AlreadyRegistered(RuntimeError):
    """Two rooms want to tell about payments."""


class PaymentSourceRegistry:
    """Where payments plug in. Until they do, an order has no payment to show."""

    def __init__(self) -> None:
        self._source: PaymentSource | None = None

    def register(self, source: PaymentSource) -> None:
        """Name who knows payments. Raises AlreadyRegistered the second time."""
        if self._source is not None:
            raise AlreadyRegistered("A payment source is registered already.")
        self._source = source

    def payment_of(self, order: Order) -> PaymentView | None:
        """The payment that counts for the order."""
        return self._source(order) if self._source else None


registry = PaymentSourceRegistry()
