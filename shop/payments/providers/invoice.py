"""Payment by bank transfer: the order waits until somebody sees the money in the account and records it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.formats import date_format

from shop.orders.payment_source import Instructions
from shop.payments.models import BankTransferSettings, Payment, Refund
from shop.payments.providers.base import Outcome, PaymentProvider, RefundOutcome
from shop.payments.statuses import PaymentStatus

# Days after the one on which the buyer was to pay: banks take their time, and so do those who look at the account.
GRACE_DAYS = 3


class InvoiceProvider(PaymentProvider):
    """Nothing happens outside the shop, so nothing can fail here; staff record what they see in the account."""

    code = "invoice"
    label = "Bank transfer"
    description = "We send you our account details; your order leaves when the money has arrived."
    recorded_by_staff: ClassVar[bool] = True

    def start(self, *, payment: Payment, data: Mapping[str, Any]) -> Outcome:
        return self._waiting(payment)

    def confirm(self, *, payment: Payment, data: Mapping[str, Any]) -> Outcome:
        return self._waiting(payment)

    def cancel(self, *, payment: Payment) -> Outcome:
        return Outcome.cancelled()

    def fetch(self, *, payment: Payment) -> Outcome:
        if payment.status == PaymentStatus.CREATED:
            return self._waiting(payment)
        return Outcome(PaymentStatus(payment.status), reference=payment.reference)

    def refund(self, *, payment: Payment, refund: Refund) -> RefundOutcome:
        """Somebody has to send the money back by hand and record that."""
        return RefundOutcome.requested()

    def instructions(self, *, payment: Payment) -> Instructions | None:
        if payment.status != PaymentStatus.PENDING:
            return None
        account = BankTransferSettings.current()
        due = due_on(payment, account)
        then = "get your order ready" if payment.order.is_collected else "send your order"
        facts = [
            ("Account name", account.account_name),
            ("Bank", account.bank_name),
            ("Sort code", account.sort_code),
            ("Account number", account.account_number),
            ("IBAN", account.iban),
            ("BIC", account.bic),
        ]
        intro = (
            f"Please transfer {payment.amount_text} by {date_format(due, 'j F Y')} and give your order number as "
            f"the reference. We {then} as soon as the money has arrived."
            if account.is_complete
            else "We will write to you with our account details. Your order leaves when the money has arrived."
        )
        return Instructions(
            intro=intro,
            rows=(
                *((name, value) for name, value in facts if value),
                ("Amount", payment.amount_text),
                ("Reference", payment.order.number),
            ),
        )

    def unfinished(self) -> str:
        if BankTransferSettings.current().is_complete:
            return ""
        return "Your account is missing in Settings, Bank transfer: buyers read that you will write to them."

    def _waiting(self, payment: Payment) -> Outcome:
        due = due_on(payment, BankTransferSettings.current())
        end = due.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=GRACE_DAYS + 1)
        return Outcome.pending(expires_at=end)


def due_on(payment: Payment, account: BankTransferSettings) -> datetime:
    """The day, in local time, by which the buyer is asked to pay."""
    return timezone.localtime(payment.created_at) + timedelta(days=account.days_to_pay)
