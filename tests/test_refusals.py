"""What cannot be is refused by the shop, with words for a person: the database only stands behind it."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from shop.inventory import services as inventory
from shop.inventory.services import OutOfStock
from shop.payments import services as payments
from shop.payments.models import Payment
from shop.payments.providers.base import RefundNews, RefundOutcome
from shop.payments.refunds import RefundRefused, record_foreign_refund
from shop.payments.tests.factories import paid
from tests.factories import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home_page")]


def refusal(act: Callable[[], Any]) -> type[Exception] | None:
    """What kind of exception a call ends with; None where it goes through."""
    try:
        with transaction.atomic():
            act()
    except Exception as error:
        return type(error)
    return None


def give_back(payment: Payment, amount: int, key: uuid.UUID | None = None) -> Any:
    return payments.refund(payment_id=payment.pk, amount=amount, key=key or uuid.uuid4())


def test_more_than_is_left_of_a_payment() -> None:
    payment = paid()
    give_back(payment, 1000)
    assert refusal(lambda: give_back(payment, 646)) is RefundRefused


def test_more_than_is_left_at_the_payment_company() -> None:
    payment = paid()
    give_back(payment, 1000)
    news = RefundNews(outcome=RefundOutcome.settled(reference="re_1"), amount=646)
    assert refusal(lambda: record_foreign_refund(payment_id=payment.pk, news=news)) is RefundRefused


def test_the_same_form_again_goes_through() -> None:
    payment, key = paid(), uuid.uuid4()
    give_back(payment, 500, key)
    assert refusal(lambda: give_back(payment, 500, key)) is None
    payment.refresh_from_db()
    assert payment.refunding + payment.refunded == 500


def test_more_than_is_on_the_shelf() -> None:
    make_product(sku="MUG", stock=1)
    assert refusal(lambda: inventory.reserve({"MUG": 2})) is OutOfStock
