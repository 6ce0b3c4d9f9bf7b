"""What every provider in ``PAYMENT_PROVIDERS`` must promise (see ``providers/base.py``)."""

import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.accounts.privacy import Person
from shop.accounts.tests.factories import AdminFactory
from shop.orders.payment_source import Instructions
from shop.payments import personal_data, registry, services
from shop.payments.models import Payment, Refund
from shop.payments.providers.base import EventRefused, PaymentProvider
from shop.payments.statuses import PaymentStatus, RefundStatus
from shop.payments.tests.factories import make_payment

pytestmark = pytest.mark.django_db
Decide = Callable[[Payment, str], dict[str, str]]

CODES = sorted({registry.load(path).code for path in settings.PAYMENT_PROVIDERS} | {"stripe"})
START = {
    PaymentStatus.CAPTURED,
    PaymentStatus.AUTHORISED,
    PaymentStatus.FAILED,
    PaymentStatus.NEEDS_CONFIRMATION,
    PaymentStatus.PENDING,
}


def answers(provider: PaymentProvider) -> list[dict[str, Any]]:
    """Every combination of what the buyer may choose; one empty answer where nothing is asked."""
    if provider.form_class is None:
        return [{}]
    fields: dict[str, Any] = provider.form_class().fields
    choices = {name: [value for value, _ in field.choices] for name, field in fields.items()}
    (name, values), *others = choices.items()
    assert not others, "teach this test to combine several questions"
    return [{name: value} for value in values]


@pytest.fixture(params=CODES)
def provider(request: pytest.FixtureRequest, home_page: object) -> PaymentProvider:
    if request.param == "stripe":
        request.getfixturevalue("stripe")
    return registry.provider_for(request.param)


@pytest.fixture
def decide(provider: PaymentProvider, request: pytest.FixtureRequest) -> Decide:
    """Lets the buyer approve or refuse, where that is done, and gives what the browser then brings us."""

    def decide(payment: Payment, decision: str) -> dict[str, str]:
        if provider.code == "stripe":
            card = "approves" if decision == "approve" else "declines"
            request.getfixturevalue("stripe").buyer_pays(payment.reference, card)
        return {"decision": decision}

    return decide


def started(provider: PaymentProvider, data: Mapping[str, Any]) -> Payment:
    return services.start_payment(payment_id=make_payment(provider=provider.code).pk, data=data)


def captured(provider: PaymentProvider, decide: Decide) -> Payment:
    """A payment whose money the company has."""
    payment = started(provider, answers(provider)[0])
    if payment.status == PaymentStatus.NEEDS_CONFIRMATION:
        payment = services.confirm_payment(payment_id=payment.pk, data=decide(payment, "approve"))
    if provider.recorded_by_staff:
        payment = services.record_money(payment_id=payment.pk, actor=AdminFactory())
    assert payment.status == PaymentStatus.CAPTURED
    return payment


def make_refund(payment: Payment, amount: int) -> Refund:
    return services.refund(payment_id=payment.pk, amount=amount, key=uuid.uuid4())


def test_it_introduces_itself(provider: PaymentProvider) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]{0,29}", provider.code)
    assert 0 < len(provider.label) <= 60
    assert provider.is_available() is True
    assert provider.check() == []


def test_it_asks_for_no_card_number(provider: PaymentProvider) -> None:
    """Choices only: a card number never passes through this shop. At most one more visible field."""
    fields = provider.form_class().fields if provider.form_class else {}
    assert len(fields) <= 1
    assert all(isinstance(field, forms.ChoiceField) for field in fields.values())


def test_start_answers_the_same_however_often_it_is_asked(provider: PaymentProvider) -> None:
    for data in answers(provider):
        payment = make_payment(provider=provider.code)
        first = provider.start(payment=payment, data=data)
        assert first.status in START
        assert provider.start(payment=payment, data=data) == first


def test_nothing_but_its_own_row_is_read_and_nothing_is_written(provider: PaymentProvider) -> None:
    payment = make_payment(provider=provider.code)
    before = Payment.objects.values().get(pk=payment.pk)
    with CaptureQueriesContext(connection) as queries:
        for data in answers(provider):
            provider.start(payment=payment, data=data)
        provider.confirm(payment=payment, data={"decision": "approve"})
        provider.fetch(payment=payment)
        provider.cancel(payment=payment)
        provider.instructions(payment=payment)
    assert [query["sql"] for query in queries if not query["sql"].startswith("SELECT")] == []
    assert Payment.objects.values().get(pk=payment.pk) == before


def test_a_refusal_has_words_for_the_buyer(provider: PaymentProvider) -> None:
    for data in answers(provider):
        outcome = provider.start(payment=make_payment(provider=provider.code), data=data)
        assert bool(outcome.message) == (outcome.status == PaymentStatus.FAILED)


def test_two_payments_have_two_references(provider: PaymentProvider) -> None:
    for data in answers(provider):
        references = [started(provider, data).reference for _ in range(2)]
        assert references == ["", ""] or len(set(references)) == 2


@pytest.mark.parametrize("decision", ["approve", "refuse"])
def test_confirmation_ends_the_waiting_and_can_be_repeated(
    provider: PaymentProvider, decide: Decide, decision: str
) -> None:
    for data in answers(provider):
        payment = started(provider, data)
        if payment.status != PaymentStatus.NEEDS_CONFIRMATION:
            continue
        for rubbish in ({}, {"decision": "\x00"}, {"decision": "x" * 10_000}):
            assert provider.confirm(payment=payment, data=rubbish).status == PaymentStatus.NEEDS_CONFIRMATION
        brought = decide(payment, decision)
        outcome = provider.confirm(payment=payment, data=brought)
        approved = {PaymentStatus.CAPTURED, PaymentStatus.AUTHORISED}
        # A company may let the buyer try another card.
        refused = {PaymentStatus.FAILED, PaymentStatus.NEEDS_CONFIRMATION}
        assert outcome.status in (approved if decision == "approve" else refused)
        assert provider.confirm(payment=payment, data=brought) == outcome


def test_what_is_cancelled_is_never_captured(provider: PaymentProvider, decide: Decide) -> None:
    for data in answers(provider):
        payment = started(provider, data)
        if payment.status == PaymentStatus.NEEDS_CONFIRMATION:
            assert provider.cancel(payment=payment).status == PaymentStatus.CANCELLED
            assert provider.capture(payment=payment).status in (
                PaymentStatus.CANCELLED,
                PaymentStatus.NEEDS_CONFIRMATION,
            )


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff\xfe", b"[" * 5000, b'{"id": "evt_1", "type": "x"}'])
def test_messages_that_the_company_did_not_sign_are_refused(provider: PaymentProvider, body: bytes) -> None:
    for headers in ({}, {"Stripe-Signature": "t=1,v1=0"}, {"Stripe-Signature": "\ud800"}):
        with pytest.raises(EventRefused):
            provider.parse_event(body=body, headers=headers)


def test_an_open_payment_can_be_cancelled_twice(provider: PaymentProvider) -> None:
    for data in answers(provider):
        payment = started(provider, data)
        if payment.status in (PaymentStatus.NEEDS_CONFIRMATION, PaymentStatus.PENDING):
            once, twice = provider.cancel(payment=payment), provider.cancel(payment=payment)
            assert once == twice
            assert once.status == PaymentStatus.CANCELLED


def test_a_lost_answer_can_be_fetched(provider: PaymentProvider) -> None:
    assert provider.fetch(payment=make_payment(provider=provider.code)).status != PaymentStatus.CAPTURED
    for data in answers(provider):
        payment = started(provider, data)
        assert provider.fetch(payment=payment).status == payment.status


def test_captured_money_goes_back_in_parts_or_is_still_owed(provider: PaymentProvider, decide: Decide) -> None:
    payment = captured(provider, decide)
    parts = [make_refund(payment, amount) for amount in (1000, 645)]
    outcomes = [provider.refund(payment=payment, refund=part) for part in parts]
    assert {outcome.status for outcome in outcomes} <= {RefundStatus.SETTLED, RefundStatus.REQUESTED}
    assert [provider.refund(payment=payment, refund=part) for part in parts] == outcomes
    assert provider.recorded_by_staff or {outcome.status for outcome in outcomes} == {RefundStatus.SETTLED}
    references = [outcome.reference for outcome in outcomes]
    assert references == ["", ""] or len(set(references)) == 2


def test_captured_money_goes_back_after_the_buyers_data_are_erased(provider: PaymentProvider, decide: Decide) -> None:
    payment = captured(provider, decide)
    personal_data.erase(Person(user_id=0, emails=(payment.order.email,)))
    payment.refresh_from_db()
    assert payment.data == {}
    outcome = provider.refund(payment=payment, refund=make_refund(payment, 1000))
    assert outcome.status == (RefundStatus.REQUESTED if provider.recorded_by_staff else RefundStatus.SETTLED)
    assert provider.fetch(payment=payment).status == PaymentStatus.CAPTURED


def test_a_buyer_who_pays_later_is_told_how(provider: PaymentProvider) -> None:
    for data in answers(provider):
        payment = started(provider, data)
        instructions = provider.instructions(payment=payment)
        if payment.status == PaymentStatus.PENDING:
            assert isinstance(instructions, Instructions)
            assert payment.amount_text in dict(instructions.rows).values()
            assert payment.order.number in dict(instructions.rows).values()
        else:
            assert instructions is None
