"""Payments for tests, and a payment company that can be told what to say."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from django.db import transaction
from django.utils import timezone

from shop.inventory.models import StockItem
from shop.orders.models import Order
from shop.orders.tests.factories import make_order
from shop.payments import services
from shop.payments.models import Payment, Refund
from shop.payments.providers.base import Outcome, PaymentProvider, ProviderUnavailable, RefundOutcome

SCRIPTED = "shop.payments.tests.factories.ScriptedProvider"


def make_payment(*, provider: str = "dummy", order: Order | None = None, **order_fields: Any) -> Payment:
    """A payment that its provider has not heard of yet."""
    with transaction.atomic():
        return services.open_payment(
            order=order or make_order(**order_fields), provider_code=provider, idempotency_key=uuid.uuid4()
        )


def paid(**order_fields: Any) -> Payment:
    """A payment that has been captured: 1645 in GBP, unless the order says otherwise."""
    return services.start_payment(payment_id=make_payment(**order_fields).pk, data={"card": "approves"})


def state(payment: Payment) -> tuple[str, str, str]:
    """Status of payment, order and stock as they are stored."""
    found = Payment.objects.select_related("order").get(pk=payment.pk)
    return found.status, found.order.status, found.order.stock_state


def stock(sku: str = "MUG") -> tuple[int, int]:
    """Units on hand, and how many of them are reserved."""
    item = StockItem.objects.get(sku=sku)
    return item.on_hand, item.reserved


def expire(payment: Payment) -> None:
    """Let the time for the buyer's confirmation be over."""
    Payment.objects.filter(pk=payment.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


class ScriptedProvider(PaymentProvider):
    """Says what ``answers`` names for each call, in turn; None there means that it cannot be reached."""

    code = "scripted"
    label = "Scripted"
    answers: ClassVar[dict[str, list[Any]]] = {}
    calls: ClassVar[list[str]] = []

    @classmethod
    def script(cls, **answers: list[Any]) -> None:
        """Forget everything and say this from now on; the last answer of each list stays."""
        cls.answers = answers
        cls.calls = []

    def _say(self, call: str) -> Any:
        self.calls.append(call)
        waiting = self.answers[call]
        answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if answer is None:
            raise ProviderUnavailable(f"{call}: no answer")
        return answer

    def start(self, *, payment: Payment, data: Mapping[str, Any]) -> Outcome:
        answer: Outcome = self._say("start")
        return answer

    def confirm(self, *, payment: Payment, data: Mapping[str, Any]) -> Outcome:
        answer: Outcome = self._say("confirm")
        return answer

    def cancel(self, *, payment: Payment) -> Outcome:
        answer: Outcome = self._say("cancel")
        return answer

    def fetch(self, *, payment: Payment) -> Outcome:
        answer: Outcome = self._say("fetch")
        return answer

    def refund(self, *, payment: Payment, refund: Refund) -> RefundOutcome:
        answer: RefundOutcome = self._say("refund")
        return answer
