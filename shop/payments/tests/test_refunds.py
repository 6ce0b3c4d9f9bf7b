"""Partial refunds: never more than was taken, each once, and finished after whatever happens in between."""

import uuid
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.accounts.tests.factories import AdminFactory, UserFactory
from shop.orders.models import Order
from shop.orders.statuses import Status
from shop.orders.viewsets import order_admin_url
from shop.payments import selectors, services
from shop.payments.models import Payment, ProviderEvent, Refund
from shop.payments.providers.base import Outcome, ProviderUnavailable, RefundOutcome
from shop.payments.refunds import RefundRefused, refund_order
from shop.payments.statuses import PaymentStatus, RefundStatus
from shop.payments.tests.factories import SCRIPTED, ScriptedProvider, make_payment, paid

pytestmark = pytest.mark.django_db
Capture = Callable[..., Any]


@pytest.fixture(autouse=True)
def _scripted(home_page: object, settings: Any) -> None:
    settings.PAYMENT_PROVIDERS = [*settings.PAYMENT_PROVIDERS, SCRIPTED]


def give_back(payment: Payment, amount: int, key: uuid.UUID | None = None) -> Refund:
    return services.refund(payment_id=payment.pk, amount=amount, reason="Chipped", key=key or uuid.uuid4())


def sums(payment: Payment) -> tuple[str, int, int]:
    payment.refresh_from_db()
    return payment.status, payment.refunding, payment.refunded


def test_a_part_goes_back_and_the_order_stands(django_capture_on_commit_callbacks: Capture) -> None:
    payment, clerk = paid(), AdminFactory()
    with django_capture_on_commit_callbacks(execute=True):
        refund = services.refund(
            payment_id=payment.pk, amount=500, reason="One was chipped", actor=clerk, key=uuid.uuid4()
        )
        assert (refund.status, sums(payment)) == (RefundStatus.REQUESTED, (PaymentStatus.CAPTURED, 500, 0))
    refund.refresh_from_db()
    assert (refund.status, refund.actor, refund.amount_text) == (RefundStatus.SETTLED, clerk, "£5.00")
    assert refund.reference == f"test-{refund.idempotency_key.hex[:16]}"
    assert sums(payment) == (PaymentStatus.CAPTURED, 0, 500)
    payment.order.refresh_from_db()
    assert payment.order.status == Status.PAID
    told = [event.message for event in payment.order.events.filter(kind="payment").order_by("pk")]
    assert told == ["£5.00 has to be refunded. One was chipped", "£5.00 refunded."]
    call_command("check_ledger")


def test_the_last_part_makes_the_payment_refunded_and_the_order_stands() -> None:
    payment = paid()
    for amount in (1000, 645):
        services.settle_refund(refund_id=give_back(payment, amount).pk)
    assert sums(payment) == (PaymentStatus.REFUNDED, 0, 1645)
    assert Order.objects.get().status == Status.PAID
    call_command("check_ledger")


@pytest.mark.parametrize("amount", [-1, 0, 1646, 2**63])
def test_amounts_that_cannot_go_back(amount: int) -> None:
    payment = paid()
    with pytest.raises(RefundRefused, match="above zero" if amount < 1 else "At most £16.45"):
        give_back(payment, amount)
    assert not Refund.objects.exists()


def test_what_is_promised_cannot_be_promised_again() -> None:
    payment = paid()
    give_back(payment, 1000)
    with pytest.raises(RefundRefused, match=r"At most £6\.45"):
        give_back(payment, 646)
    give_back(payment, 645)
    with pytest.raises(RefundRefused, match=r"At most £0\.00"):
        give_back(payment, 1)


def test_nothing_goes_back_of_what_was_not_taken() -> None:
    payment = services.start_payment(payment_id=make_payment().pk, data={"card": "confirms"})
    with pytest.raises(RefundRefused, match=r"At most £0\.00"):
        give_back(payment, 1)


def test_the_same_key_is_the_same_refund() -> None:
    payment, key = paid(), uuid.uuid4()
    first = give_back(payment, 500, key)
    assert give_back(payment, 500, key) == first
    with pytest.raises(RefundRefused, match="used for another refund"):
        give_back(payment, 400, key)
    assert sums(payment)[1:] == (500, 0)


def test_the_database_refuses_what_a_mistake_would_allow() -> None:
    payment = paid()
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(refunding=1000, refunded=646)


def test_a_failed_refund_can_be_tried_again_once(django_capture_on_commit_callbacks: Capture) -> None:
    ScriptedProvider.script(
        start=[Outcome.captured(reference="r")],
        refund=[RefundOutcome.failed(message="The card was closed."), RefundOutcome.settled()],
    )
    payment = services.start_payment(payment_id=make_payment(provider="scripted").pk, data={})
    with django_capture_on_commit_callbacks(execute=True):
        refund = give_back(payment, 500)
    refund.refresh_from_db()
    assert (refund.status, refund.failure) == (RefundStatus.FAILED, "The card was closed.")
    assert sums(payment) == (PaymentStatus.CAPTURED, 0, 0)
    assert selectors.failed_refunds(payment.order) == [refund]
    with django_capture_on_commit_callbacks(execute=True):
        services.repeat_refund(refund_id=refund.pk, actor=AdminFactory())
    assert sums(payment) == (PaymentStatus.CAPTURED, 0, 500)
    assert selectors.failed_refunds(payment.order) == []
    with pytest.raises(RefundRefused, match="repeated already"):
        services.repeat_refund(refund_id=refund.pk, actor=AdminFactory())
    call_command("check_ledger")


def test_a_crash_or_an_outage_in_between_is_finished_with_the_same_key() -> None:
    ScriptedProvider.script(start=[Outcome.captured(reference="r")], refund=[None, RefundOutcome.settled()])
    payment = services.start_payment(payment_id=make_payment(provider="scripted").pk, data={})
    refund = give_back(payment, 500)
    with pytest.raises(ProviderUnavailable):
        services.settle_refund(refund_id=refund.pk)
    assert sums(payment) == (PaymentStatus.CAPTURED, 500, 0)
    assert [settled.pk for settled in services.settle_refunds()] == [refund.pk]
    assert services.settle_refunds() == []
    assert sums(payment) == (PaymentStatus.CAPTURED, 0, 500)


def test_cancelling_gives_back_what_is_left(django_capture_on_commit_callbacks: Capture) -> None:
    payment = paid()
    services.settle_refund(refund_id=give_back(payment, 500).pk)
    give_back(payment, 45)
    with django_capture_on_commit_callbacks(execute=True):
        services.cancel_order(order_id=payment.order_id)
    assert sorted(Refund.objects.values_list("amount", flat=True)) == [45, 500, 1100]
    services.settle_refunds()
    assert sums(payment) == (PaymentStatus.REFUNDED, 0, 1645)
    call_command("check_ledger")


def test_what_orders_show_and_do(django_capture_on_commit_callbacks: Capture) -> None:
    payment, key = paid(), uuid.uuid4()
    with django_capture_on_commit_callbacks(execute=True):
        words = refund_order(payment.order, amount=645, reason="Late", actor=AdminFactory(), key=key)
    assert words == "£6.45 is to be refunded."
    again = refund_order(payment.order, amount=645, reason="Late", actor=AdminFactory(), key=key)
    assert again == "£6.45 refunded."
    view = selectors.payment_view(payment.order)
    assert view is not None
    assert (view.refundable, view.refunded) == (1000, 645)
    assert [(refund.amount, refund.status_label, refund.reason) for refund in view.refunds] == [
        (645, "Refunded", "Late")
    ]


def test_staff_find_payments_and_refunds(client: Client) -> None:
    client.force_login(AdminFactory())
    payment = paid()
    services.settle_refund(refund_id=give_back(payment, 500).pk)
    for name in ("payment:index", "refund:index"):
        for query, is_there in (("", True), (payment.order.number[:6].lower(), True), ("nobody", False)):
            page = client.get(reverse(name), {"q": query})
            assert (order_admin_url(payment.order) in page.content.decode()) is is_there
    shown = client.get(order_admin_url(payment.order)).content.decode()
    assert "£5.00" in shown
    assert "Chipped" in shown


def test_staff_read_what_payment_companies_said(client: Client) -> None:
    payment = paid()
    ours = {"provider": "dummy", "event_id": "evt_1", "type": "charge.refunded", "outcome": "£5.00 went back"}
    ProviderEvent.objects.create(payment=payment, **ours)
    ProviderEvent.objects.create(provider="stripe", event_id="evt_2", type="payout.paid", outcome="nothing to do")
    import_module("shop.payments.migrations.0007_shop_managers").allow(apps, None)
    manager = UserFactory()
    manager.groups.add(Group.objects.get(name="Shop managers"))
    manager.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(manager)
    queries = {"": [1, 2], "evt_2": [2], payment.order.number[:6].lower(): [1], "payout": [2], "nobody": []}
    for query, wanted in queries.items():
        text = client.get(reverse("provider_event:index"), {"q": query}).content.decode()
        assert [number for number in (1, 2) if f">evt_{number}<" in "".join(text.split())] == wanted, query
    text = client.get(reverse("provider_event:index"), {"ours": "true"}).content.decode()
    assert ("£5.00 went back" in text, "payout.paid" in text) == (True, False)
    assert order_admin_url(payment.order) in text
    for name in ("payment:index", "refund:index"):
        assert client.get(reverse(name)).status_code == 200
    client.force_login(UserFactory())
    assert client.get(reverse("provider_event:index")).status_code == 302


@given(parts=st.lists(st.integers(1, 900), min_size=1, max_size=8))
@settings(max_examples=20)
def test_refunds_of_any_sizes_never_add_up_to_more(parts: list[int]) -> None:
    with transaction.atomic():
        payment = paid()
        for amount in parts:
            try:
                services.settle_refund(refund_id=give_back(payment, amount).pk)
            except RefundRefused:
                assert amount > 1645 - payment.refunded
            payment.refresh_from_db()
        assert payment.refunded == sum(refund.amount for refund in payment.refunds.all()) <= 1645
        call_command("check_ledger")
        transaction.set_rollback(True)
