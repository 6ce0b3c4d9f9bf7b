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
from shop.payments.models import Payment
from shop.payments.providers.base import Outcome, PaymentProvider, ProviderUnavailable

SCRIPTED = "shop.payments.tests.factories.ScriptedProvider"


def make_payment(*, provider: str = "dummy", order: Order | None = None, **order_fields: Any) -> Payment:
    """A payment that its provider has not heard of yet."""
    with transaction.atomic():
        return services.open_payment(
            order=order or make_order(**order_fields), provider_code=provider, idempotency_key=uuid.uuid4()
        )


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
    answers: ClassVar[dict[str, list[Outcome | None]]] = {}
    calls: ClassVar[list[str]] = []

    @classmethod
    def script(cls, **answers: list[Outcome | None]) -> None:
        """Forget everything and say this from now on; the last answer of each list stays."""
        cls.answers = answers
        cls.calls = []

    def _say(self, call: str) -> Outcome:
        self.calls.append(call)
        waiting = self.answers[call]
        answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if answer is None:
            raise ProviderUnavailable(f"{call}: no answer")
        return answer

    def start(self, *, payment: Payment, data: Mapping[str, Any]) -> Outcome:
        return self._say("start")

    def confirm(self, *, payment: Payment, data: Mapping[str, Any]) -> Outcome:
        return self._say("confirm")

    def cancel(self, *, payment: Payment) -> Outcome:
        return self._say("cancel")

    def fetch(self, *, payment: Payment) -> Outcome:
        return self._say("fetch")

    def refund(self, *, payment: Payment) -> Outcome:
        return self._say("refund")
