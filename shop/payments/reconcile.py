"""Finding out what became of payments when nobody told us: a lost event, a lost answer, a crash, a buyer who left."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from django.utils import timezone

from shop.payments import selectors
from shop.payments.models import Payment
from shop.payments.registry import provider_for
from shop.payments.rounds import ask_each
from shop.payments.services import capture_authorised, give_up, record_outcome
from shop.payments.statuses import ABANDONABLE, PaymentStatus

UNFINISHED = "The buyer did not finish the payment in time."
LATE = "The money did not arrive in time."
FOUND = "Found after an interruption."
# A payment is left alone for so long after each look. While the buyer is at the bank it may be paid at any moment: with
# the schedule (half a minute) the shop knows within a minute.
PAUSE = timedelta(seconds=15)
# Money that comes days later is asked about more seldom the longer it takes: after a tenth of its age.
LONGEST_PAUSE = timedelta(hours=1)
# What the provider may say of a payment whose start may still be under way; anything else waits until it is overdue.
DECIDED = frozenset({PaymentStatus.CAPTURED, PaymentStatus.AUTHORISED})


def reconcile_payments() -> list[Payment]:
    """Ask the providers about every payment that is not final; gives those that changed. For the sweeper."""
    return _each(selectors.to_ask_about(pause=PAUSE, longest=LONGEST_PAUSE), reconcile)


def expire_payments() -> list[Payment]:
    """Give up the payments that no buyer has finished in time; gives those that changed. For the sweeper."""
    return _each(selectors.overdue(), _settle_overdue)


def reconcile(payment: Payment) -> Payment:
    """Ask the provider about one payment and record what is news. Raises ProviderUnavailable."""
    Payment.objects.filter(pk=payment.pk).update(asked_at=timezone.now())
    if payment.status == PaymentStatus.AUTHORISED:
        return capture_authorised(payment)
    outcome = provider_for(payment.provider).fetch(payment=payment)
    if payment.status == PaymentStatus.CREATED and outcome.status not in DECIDED:
        return payment
    return capture_authorised(record_outcome(payment_id=payment.pk, outcome=outcome, note=FOUND))


def _settle_overdue(payment: Payment) -> Payment:
    """Find out what became of an unfinished payment; if it is still unfinished, cancel it."""
    if payment.status == PaymentStatus.AUTHORISED:
        return capture_authorised(payment)
    if payment.status == PaymentStatus.CREATED:
        outcome = provider_for(payment.provider).fetch(payment=payment)
        if outcome.status not in ABANDONABLE:
            return capture_authorised(record_outcome(payment_id=payment.pk, outcome=outcome, note=FOUND))
    return give_up(payment_id=payment.pk, note=LATE if payment.status == PaymentStatus.PENDING else UNFINISHED)


def _each(payments: Iterable[Payment], settle: Callable[[Payment], Payment]) -> list[Payment]:
    return [after for before, after in ask_each(payments, settle) if after.status != before.status]
