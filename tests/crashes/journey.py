"""A buyer's whole way, in a process of its own that a failpoint may kill.

Paid by card with manual capture, reported by a message, refunded in part; then a second order that is given up, and a
third that is cancelled after it was paid. Every step may be repeated.

The processes are forked from one that has loaded this module, and so the shop: seconds are saved each time.
"""

import json
import os
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.db import connection

if not apps.ready:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.test")
    django.setup()


@dataclass(frozen=True)
class Facts:
    """What a journey needs: where to be killed, the test's database and settings, keys, a folder for letters."""

    place: str
    stripe_url: str
    database: str
    settings: dict[str, Any]
    keys: list[str]
    mail: str


def run(facts: Facts) -> None:
    """The process."""
    from shop.payments import failpoints

    connection.settings_dict["NAME"] = facts.database
    for name, value in facts.settings.items():
        setattr(settings, name, value)
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = facts.mail
    failpoints.arm(facts.place)
    travel(facts)


def pay_by_card(url: str, reference: str) -> None:
    """What the buyer does at Stripe's."""
    body = urllib.parse.urlencode({"card": "approves"}).encode()
    urllib.request.urlopen(f"{url}/v3/confirm/{reference}", data=body, timeout=10).close()  # noqa: S310


def tell(url: str, reference: str) -> None:
    """Stripe's message about the payment comes in."""
    from django.test import Client

    from tests.fakes.stripe import sign

    with urllib.request.urlopen(f"{url}/v1/payment_intents/{reference}", timeout=10) as answer:  # noqa: S310
        intent = json.load(answer)
    event = {"id": f"evt_{reference}_{intent['status']}", "type": "payment_intent.x", "data": {"object": intent}}
    body = json.dumps(event).encode()
    headers = {"Stripe-Signature": sign(body)}
    answer = Client().post("/payments/webhooks/stripe/", body, "application/json", headers=headers)
    assert answer.status_code == 200, answer.content


def travel(facts: Facts) -> None:
    from shop.cart.buyer import ANONYMOUS
    from shop.cart.selectors import build_cart
    from shop.checkout.services import place_order
    from shop.orders.tests.factories import CONTACT
    from shop.payments import services as payments
    from shop.payments.models import Payment
    from shop.payments.registry import provider_for

    def order(number: int) -> Payment:
        seen = build_cart(items={"MUG": 1}, buyer=ANONYMOUS).fingerprint
        placement = place_order(
            key=uuid.UUID(facts.keys[number]),
            items={"MUG": 1},
            buyer=ANONYMOUS,
            seen=seen,
            contact=CONTACT,
            provider=provider_for("stripe"),
            provider_data={},
        )
        return placement.payment

    payment = order(0)
    pay_by_card(facts.stripe_url, payment.reference)
    payments.confirm_payment(payment_id=payment.pk, data={})
    tell(facts.stripe_url, payment.reference)
    payments.refund(payment_id=payment.pk, amount=100, key=uuid.UUID(facts.keys[3]))

    payments.give_up(payment_id=order(1).pk)

    cancelled = order(2)
    pay_by_card(facts.stripe_url, cancelled.reference)
    tell(facts.stripe_url, cancelled.reference)
    payments.cancel_order(order_id=cancelled.order_id)
