"""Staff and an order's money, through the admin."""

from typing import Any

import pytest
from django.test import Client

from shop.accounts.tests.factories import AdminFactory
from shop.orders.models import Order
from shop.orders.statuses import Status
from shop.orders.viewsets import order_admin_url
from shop.payments import services
from shop.payments.models import Payment
from shop.payments.providers.base import Outcome
from shop.payments.statuses import PaymentStatus
from shop.payments.tests.factories import SCRIPTED, ScriptedProvider, make_payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(home_page: object, client: Client) -> Client:
    client.force_login(AdminFactory(first_name="Bo", last_name="Boss"))
    return client


@pytest.fixture
def invoice(home_page: object) -> Payment:
    return services.start_payment(payment_id=make_payment(provider="invoice").pk, data={})


def offered(client: Client, order: Order) -> list[str]:
    return [action.code for action in client.get(order_admin_url(order)).context["actions"]]


def do(client: Client, order: Order, action: str, note: str = "") -> str:
    """Choose an action, press the button, read what the page says then."""
    order.refresh_from_db()
    fields = {"action": action, "note": note, "seen_status": order.status}
    page = client.post(order_admin_url(order), fields, follow=True)
    assert page.status_code == 200
    return str(page.content.decode())


def test_money_that_has_arrived(admin: Client, invoice: Payment) -> None:
    order = invoice.order
    assert offered(admin, order) == ["record_money", "cancel", "note", "resend"]
    assert f"£16.45 recorded: order {order.number} is paid." in do(admin, order, "record_money", "Friday's statement")
    order.refresh_from_db()
    assert order.status == Status.PAID
    assert offered(admin, order) == ["fulfil", "withdraw", "refund", "cancel", "review", "note", "resend"]
    text = admin.get(order_admin_url(order)).content.decode()
    assert "Friday&#x27;s statement" in text
    assert "Bo Boss" in text


def test_a_card_is_never_recorded_by_hand(admin: Client) -> None:
    waiting = services.start_payment(payment_id=make_payment().pk, data={"card": "confirms"})
    assert offered(admin, waiting.order) == ["cancel", "note"]


def test_cancel_and_send_the_money_back(
    admin: Client, invoice: Payment, django_capture_on_commit_callbacks: Any
) -> None:
    order = invoice.order
    do(admin, order, "record_money")
    with django_capture_on_commit_callbacks(execute=True):
        assert f"Order {order.number} is cancelled and its stock is back." in do(admin, order, "cancel", "Rang us")
    assert offered(admin, order) == ["record_refund", "note", "resend"]
    assert "To be refunded" in admin.get(order_admin_url(order)).content.decode()
    assert "£16.45 recorded as refunded." in do(admin, order, "record_refund")
    invoice.refresh_from_db()
    assert invoice.status == PaymentStatus.REFUNDED
    assert offered(admin, order) == ["note", "resend"]


def test_a_payment_company_that_does_not_answer_leaves_the_order_as_it_is(admin: Client, settings: Any) -> None:
    settings.PAYMENT_PROVIDERS = [SCRIPTED]
    ScriptedProvider.script(start=[Outcome.needs_confirmation(reference="r")], cancel=[None])
    payment = services.start_payment(payment_id=make_payment(provider="scripted").pk, data={})
    assert "The payment could not be cancelled, so the order stands" in do(admin, payment.order, "cancel")
    payment.order.refresh_from_db()
    assert payment.order.status == Status.AWAITING_PAYMENT


def test_a_provider_that_is_gone_leaves_the_order_as_it_is(admin: Client) -> None:
    payment = make_payment(provider="gone")
    assert offered(admin, payment.order) == ["cancel", "note"]
    assert "The payment could not be cancelled, so the order stands" in do(admin, payment.order, "cancel")


def test_somebody_else_was_faster(admin: Client, invoice: Payment) -> None:
    """The page was opened before a colleague recorded the money."""
    fields = {"action": "record_money", "note": "", "seen_status": "awaiting_payment"}
    services.record_money(payment_id=invoice.pk, actor=AdminFactory())
    page = admin.post(order_admin_url(invoice.order), fields)
    assert "The order has changed since you opened this page." in page.content.decode()
    assert invoice.order.events.filter(kind="pay").count() == 1
