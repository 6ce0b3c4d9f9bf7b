"""kill -9 at every failpoint, then the sweepers: nothing paid without an order, nothing charged twice, mail once."""

import json
import os
import signal
import subprocess
import sys
import uuid
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

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

ROOT = Path(__file__).resolve().parents[2]
LONG = bool(os.environ.get("CORNHILL_LONG"))
# The sample has one place before, between and after each kind of step.
SAMPLE = {"place:committed", "start:answered", "capture:answered", "event:before-commit", "refund:answered"}
PLACES = sorted(NAMES) if LONG else sorted(SAMPLE)
STOCK = 10

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def database_url() -> str:
    """The test database, for another process."""
    found = connection.settings_dict
    who = quote(found["USER"] or "postgres") + (f":{quote(found['PASSWORD'])}" if found["PASSWORD"] else "")
    return f"postgres://{who}@{found['HOST'] or '127.0.0.1'}:{found['PORT'] or 5432}/{found['NAME']}"


def travel(stripe: FakeStripe, place: str, facts: dict[str, Any]) -> int:
    """Run the journey in a process of its own; gives how it ended."""
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
        "DJANGO_SETTINGS_MODULE": "storefront.settings.test",
        "DATABASE_URL": database_url(),
        "PAYMENT_PROVIDERS": PROVIDER,
        "STRIPE_CAPTURE": "manual",
        "CORNHILL_FAILPOINT": place,
        **{name: value if isinstance(value, str) else ",".join(value) for name, value in stripe.settings.items()},
    }
    done = subprocess.run(  # noqa: S603  (our own script)
        [sys.executable, "-m", "tests.crashes.journey", json.dumps(facts)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


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


@pytest.mark.parametrize("turn", range(5 if LONG else 1))
@pytest.mark.parametrize("place", PLACES)
def test_killed(home_page: object, stripe: FakeStripe, settings: Any, tmp_path: Path, place: str, turn: int) -> None:
    make_product(sku="MUG", stock=STOCK)
    keys = [str(uuid.uuid4()) for _ in range(4)]
    ended = travel(stripe, place, {"url": stripe.url, "keys": keys, "mail": str(tmp_path)})
    assert ended == -signal.SIGKILL, f"nobody came by {place}"
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
    keys = [str(uuid.uuid4()) for _ in range(4)]
    assert travel(stripe, "", {"url": stripe.url, "keys": keys, "mail": str(tmp_path)}) == 0
    assert sorted(Order.objects.values_list("status", flat=True)) == ["cancelled", "cancelled", "paid"]
    assert ledger.violations() == []
