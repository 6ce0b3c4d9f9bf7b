"""What a letter says of the payment."""

import pytest
from wagtail.models import Site

from shop.orders import mail
from shop.orders.models import OrderMail
from shop.payments import services as payments
from shop.payments.models import BankTransferSettings
from shop.payments.tests.factories import make_payment

pytestmark = pytest.mark.django_db
CONFIRMATION = OrderMail.Kind.CONFIRMATION


def test_how_to_pay(home_page: object) -> None:
    BankTransferSettings.objects.create(
        site=Site.objects.get(), account_name="Ipswich Retail", sort_code="20-00-00", account_number="12345678"
    )
    payment = payments.start_payment(payment_id=make_payment(provider="invoice").pk, data={})
    letter = mail.compose(order=payment.order, kind=CONFIRMATION)
    page = str(letter.alternatives[0][0])
    for words in ("Please transfer £16.45 by", "20-00-00", "12345678", payment.order.number):
        assert words in letter.body, words
        assert words in page, words


def test_without_account_details_nothing_false_is_said(home_page: object) -> None:
    payment = payments.start_payment(payment_id=make_payment(provider="invoice").pk, data={})
    body = mail.compose(order=payment.order, kind=CONFIRMATION).body
    assert "We will write to you with our account details." in body
    assert "Sort code" not in body
