"""kill -9 at every failpoint, then the sweepers: nothing paid without an order, nothing charged twice, mail once."""

import multiprocessing
import signal
import uuid
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from shop.checkout import ledger
from shop.inventory.models import StockItem
from shop.orders.models import Order, OrderMail
from shop.orders.statuses import Status
from shop.payments.failpoints import NAMES
from shop.payments.models import Payment, Refund
from shop.payments.statuses import OPEN
from tests.factories import make_product
from tests.fakes.stripe import FakeStripe
from tests.fixtures.stripe import PROVIDER
from tests.long import at_length

# The sample has one place before, between and after each kind of step.
SAMPLE = frozenset({"place:committed", "start:answered", "capture:answered", "event:before-commit", "refund:answered"})
PLACES = sorted(at_length(NAMES, sample=SAMPLE))
STOCK = 10
# Seconds for a journey, also on a machine that does much else.
ENDS_WITHIN = 120
FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(["tests.crashes.journey"])

pytestmark = [pytest.mark.postgres, pytest.mark.long, pytest.mark.django_db(transaction=True)]


def travel(stripe: FakeStripe, place: str, mail: Path) -> int | None:
    """Run the journey in a process of its own; gives how it ended."""
    from tests.crashes import journey

    facts = journey.Facts(
        place=place,
        stripe_url=stripe.url,
        database=str(connection.settings_dict["NAME"]),
        settings={**stripe.settings, "PAYMENT_PROVIDERS": [PROVIDER], "STRIPE_CAPTURE": "manual"},
        keys=[str(uuid.uuid4()) for _ in range(4)],
        mail=str(mail),
    )
    process = FORKED.Process(target=journey.run, args=[facts])
    process.start()
    process.join(ENDS_WITHIN)
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode


def recover() -> None:
    """Twenty minutes pass, and the schedule runs twice."""
    past = timezone.now() - timedelta(minutes=20)
    Payment.objects.update(created_at=past, asked_at=None)
    Payment.objects.filter(status__in=OPEN).update(expires_at=past)
    OrderMail.objects.update(created_at=past)
    for _ in range(2):
        call_command("reconcile_payments")
        call_command("expire_payments")
        call_command("send_pending_mail")


@pytest.mark.parametrize("turn", range(at_length(5, sample=1)))
@pytest.mark.parametrize("place", PLACES)
def test_killed(home_page: object, stripe: FakeStripe, settings: Any, tmp_path: Path, place: str, turn: int) -> None:
    make_product(sku="MUG", stock=STOCK)
    assert travel(stripe, place, tmp_path) == -signal.SIGKILL, f"nobody came by {place}"
    settings.STRIPE_CAPTURE = "manual"
    recover()

    assert ledger.violations() == []
    assert not Payment.objects.filter(status__in=OPEN).exists()
    assert not Refund.objects.filter(status="requested").exists()
    by_reference = {payment.reference: payment for payment in Payment.objects.select_related("order")}
    for reference, intent in stripe.ledger.intents.items():
        assert intent["status"] in ("succeeded", "canceled")
        charged, returned = stripe.ledger.charges[reference], stripe.ledger.returns[reference]
        payment = by_reference.get(reference)
        assert charged in (0, intent["amount"])
        assert (payment.captured, payment.refunded) == (charged, returned) if payment else not charged
    standing = Order.objects.filter(status=Status.PAID)
    assert StockItem.objects.get(sku="MUG").on_hand == STOCK - standing.count()
    letters = Counter(sent_to(tmp_path, order) for order in standing)
    assert set(letters) <= {1}


def sent_to(folder: Path, order: Order) -> int:
    """How many confirmations of an order have gone out, from the killed process or after it."""
    subjects = [message.subject for message in mail.outbox]
    for file in folder.iterdir():
        subjects += [line for line in file.read_text().splitlines() if line.startswith("Subject:")]
    return sum(f"Your order {order.number} at " in subject for subject in subjects)


def test_every_place_is_passed(home_page: object, stripe: FakeStripe, tmp_path: Path) -> None:
    """The journey itself ends well, so that a place that kills it is the only reason for it to stop."""
    make_product(sku="MUG", stock=STOCK)
    assert travel(stripe, "", tmp_path) == 0
    assert sorted(Order.objects.values_list("status", flat=True)) == ["cancelled", "cancelled", "paid"]
    assert ledger.violations() == []
