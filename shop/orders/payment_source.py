"""What orders show of a payment, and how they have money sent back, without knowing who keeps payments.

The room above registers one source in its ``AppConfig.ready``; registering twice is refused.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shop.accounts.models import User
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


class RefundRefused(Exception):
    """The money cannot go back like this; the message is for staff. Nothing was changed."""


class Refunder(Protocol):
    """Sends money back: ``amount`` minor units of the order's payment. The same key again is the same refund.

    ``by_rate`` says what of it was paid at which tax rate (basis points), for the credit note; None: nobody knows.
    Gives what happened in words for staff. Raises RefundRefused where that is not possible.
    """

    def __call__(
        self,
        order: Order,
        *,
        amount: int,
        reason: str,
        actor: User | None,
        key: uuid.UUID,
        by_rate: Mapping[int, int] | None = None,
    ) -> str: ...


class AlreadyRegistered(RuntimeError):
    """Two rooms want to tell about payments."""


class PaymentSourceRegistry:
    """Where payments plug in. Until they do, an order has no payment to show, and nothing to send back."""

    def __init__(self) -> None:
        self._source: PaymentSource | None = None
        self._refunder: Refunder | None = None

    def register(self, source: PaymentSource, *, refunder: Refunder | None = None) -> None:
        """Name who knows payments. Raises AlreadyRegistered the second time."""
        if self._source is not None:
            raise AlreadyRegistered("A payment source is registered already.")
        self._source = source
        self._refunder = refunder

    def payment_of(self, order: Order) -> PaymentView | None:
        """The payment that counts for the order."""
        return self._source(order) if self._source else None

    def refund(
        self,
        order: Order,
        *,
        amount: int,
        reason: str,
        actor: User | None,
        key: uuid.UUID,
        by_rate: Mapping[int, int] | None = None,
    ) -> str:
        """Send part of what was paid, or all of it, back: see ``Refunder``."""
        if self._refunder is None:
            raise RefundRefused("Nothing was paid for this order, so nothing can be refunded.")
        return self._refunder(order, amount=amount, reason=reason, actor=actor, key=key, by_rate=by_rate)


registry = PaymentSourceRegistry()
