"""What every way to pay must do.

A provider turns our calls into a payment company's and its answers into an ``Outcome``. It never writes to the
database and decides nothing about orders or stock: ``shop.payments.services`` does, under locks. The suite in
``shop/payments/tests/test_contract.py`` runs over every provider in ``settings.PAYMENT_PROVIDERS``.

What each must promise:

* ``start`` is called after the order and the payment are stored and the stock is reserved, outside any transaction. It
  may be called again with the same payment (double click, crash): it then takes effect once and answers the same. A
  payment company gets ``payment.idempotency_key`` for that.
* ``confirm`` is called with what the buyer answered, possibly twice.
* ``capture`` takes money that was AUTHORISED, once, however often it is called. Only a provider that answers AUTHORISED
  needs it: the shop stores the authorisation first and then captures at once, so that a crash in between takes nothing.
* ``cancel`` makes sure that an open payment is never captured (an authorisation is void then). It answers CANCELLED, or
  CAPTURED if it came too late.
* ``fetch`` asks what became of a payment whose answer, or event, was lost. It is asked again and again about every
  payment that is not final.
* ``parse_event`` reads a message that the company sends by itself. It raises ``EventRefused`` unless the company's
  signature is on it, and keeps no personal data. What it says may be late, early, repeated or out of order.
* ``refund`` gives back the amount of one refund, once, however often it is called. A payment company gets
  ``refund.idempotency_key`` for that. There may be several refunds of one payment.
* None of these may need ``payment.data`` once the payment is final: it is emptied when the buyer's data are erased. A
  refund years later finds the payment at the company by ``reference`` or ``idempotency_key``.
* Whoever cannot be reached raises ``ProviderUnavailable``: what happened is then unknown, nothing is assumed, and the
  call may be repeated. A refusal is not an error but an ``Outcome``.
* FAILED and CANCELLED are for good: a company that lets the buyer try another card answers NEEDS_CONFIRMATION.
* No card number passes through this shop: fields of ``form_class`` may hold choices and tokens only.

A provider that takes the money at once, or never, and sends no events, writes none of ``capture``, ``parse_event`` and
``confirmation``.
"""

import uuid
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core import checks

from shop.orders.payment_source import Instructions
from shop.payments.models import Payment, Refund
from shop.payments.statuses import DisputeStatus, PaymentStatus, RefundStatus


class ProviderUnavailable(Exception):
    """The payment company did not answer: what happened is not known."""


class EventRefused(Exception):
    """What arrived was not signed by the payment company, or cannot be read. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A provider's answer: the state that the payment is in now.

    CAPTURED means the whole amount, unless ``amount`` (minor units) says how much was taken. ``message`` is for the
    buyer. ``confirmation_url`` is where the buyer confirms; empty means our own page. ``expires_at`` ends the waiting
    for a buyer who pays later: the sweeper then cancels.
    """

    status: PaymentStatus
    reference: str = ""
    message: str = ""
    confirmation_url: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    expires_at: datetime | None = None
    amount: int | None = None

    @classmethod
    def authorised(cls, *, reference: str = "") -> "Outcome":
        """The money is promised and waits to be captured."""
        return cls(PaymentStatus.AUTHORISED, reference=reference)

    @classmethod
    def captured(cls, *, reference: str = "", amount: int | None = None) -> "Outcome":
        """The money has been taken: all of it, or ``amount``, which may be less than what was asked for."""
        return cls(PaymentStatus.CAPTURED, reference=reference, amount=amount)

    @classmethod
    def declined(cls, *, message: str, reference: str = "") -> "Outcome":
        """The bank or the buyer said no; nothing was taken."""
        return cls(PaymentStatus.FAILED, reference=reference, message=message)

    @classmethod
    def needs_confirmation(cls, *, reference: str, url: str = "", data: Mapping[str, Any] | None = None) -> "Outcome":
        """The buyer has to confirm at the bank first."""
        return cls(PaymentStatus.NEEDS_CONFIRMATION, reference=reference, confirmation_url=url, data=dict(data or {}))

    @classmethod
    def pending(cls, *, reference: str = "", expires_at: datetime | None = None) -> "Outcome":
        """The buyer will pay later; the order stands meanwhile, without ``expires_at`` for as long as it takes."""
        return cls(PaymentStatus.PENDING, reference=reference, expires_at=expires_at)

    @classmethod
    def cancelled(cls, *, reference: str = "") -> "Outcome":
        """It will never be captured."""
        return cls(PaymentStatus.CANCELLED, reference=reference)


@dataclass(frozen=True, slots=True)
class RefundOutcome:
    """A provider's answer about one refund. ``message`` is for staff and says why it failed."""

    status: RefundStatus
    reference: str = ""
    message: str = ""

    @classmethod
    def settled(cls, *, reference: str = "") -> "RefundOutcome":
        """The company has taken it on, and it will reach the buyer."""
        return cls(RefundStatus.SETTLED, reference=reference)

    @classmethod
    def requested(cls, *, reference: str = "") -> "RefundOutcome":
        """It is on its way, or somebody still has to send it: ask again later."""
        return cls(RefundStatus.REQUESTED, reference=reference)

    @classmethod
    def failed(cls, *, message: str, reference: str = "") -> "RefundOutcome":
        """It will never go through."""
        return cls(RefundStatus.FAILED, reference=reference, message=message)


@dataclass(frozen=True, slots=True)
class RefundNews:
    """What an event says of a refund. ``key`` is ours, None for one made at the company; ``amount`` is minor units."""

    outcome: RefundOutcome
    amount: int
    key: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A message of the payment company about one payment, found by our ``key`` or by the company's ``reference``.

    Whatever else it says is in ``facts``, which are stored: no personal data. Without outcome, refund and dispute it
    changes nothing.
    """

    id: str
    type: str
    key: uuid.UUID | None = None
    reference: str = ""
    outcome: Outcome | None = None
    refund: RefundNews | None = None
    dispute: DisputeStatus | None = None
    dispute_reason: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """How the buyer confirms on a page of ours: a template with its context.

    ``sources`` adds to the page's content security policy by directive. ``decided`` says that there is nothing left to
    confirm: the buyer goes straight on to the return address.
    """

    template: str
    context: Mapping[str, Any]
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    decided: bool = False


class PaymentProvider(ABC):
    """A way to pay. One instance serves all requests: keep no state on it."""

    # Stored on payments and orders: never change it once there are orders. Lower-case letters, digits, underscore.
    code: ClassVar[str]
    # What the buyer chooses, and a sentence below it; editors may say it in other words.
    label: str
    description: str = ""
    # Further questions to the buyer, shown below the choice; their cleaned answers are the ``data`` of ``start``.
    form_class: ClassVar[type[forms.Form] | None] = None
    # Whether staff record the money themselves when it arrives.
    recorded_by_staff: ClassVar[bool] = False
    # Whether money is really moved: others must not be offered in production by mistake.
    for_testing: ClassVar[bool] = False

    def is_available(self) -> bool:
        """Whether the buyer may choose it now."""
        return True

    @abstractmethod
    def start(self, *, payment: Payment, data: Mapping[str, Any]) -> Outcome:
        """Ask for the money: CAPTURED, AUTHORISED, FAILED, NEEDS_CONFIRMATION or PENDING."""

    @abstractmethod
    def confirm(self, *, payment: Payment, data: Mapping[str, Any]) -> Outcome:
        """Go on after the buyer's confirmation: CAPTURED, AUTHORISED, FAILED, or still NEEDS_CONFIRMATION."""

    @abstractmethod
    def cancel(self, *, payment: Payment) -> Outcome:
        """See to it that an open payment is never captured: CANCELLED, or CAPTURED if that came too late."""

    @abstractmethod
    def fetch(self, *, payment: Payment) -> Outcome:
        """What became of the payment; a payment that the company has never heard of is CANCELLED."""

    @abstractmethod
    def refund(self, *, payment: Payment, refund: Refund) -> RefundOutcome:
        """Give ``refund.amount`` back: SETTLED, FAILED, or REQUESTED while it, or somebody, is on the way."""

    def capture(self, *, payment: Payment) -> Outcome:
        """Take money that was authorised: CAPTURED, FAILED, or CANCELLED where the authorisation is gone."""
        return self.fetch(payment=payment)

    def parse_event(self, *, body: bytes, headers: Mapping[str, str]) -> Event:
        """Read a message of the payment company. Raises EventRefused."""
        raise EventRefused(f"{self.label} sends no events.")

    def confirmation(self, *, payment: Payment) -> Confirmation | None:
        """How the buyer confirms here; None: on the company's page, or the test bank's. Raises ProviderUnavailable."""
        return None

    def instructions(self, *, payment: Payment) -> Instructions | None:
        """What the buyer still has to do, for the confirmation page and letter."""
        return None

    def unfinished(self) -> str:
        """What staff still have to do so that buyers can pay with it, in a sentence; empty: nothing."""
        return ""

    def check(self) -> list[checks.CheckMessage]:
        """What is wrong with the provider's settings, found when the site starts."""
        return []
