"""What a provider's answer does to payment, order and stock: once, whatever arrives, in whatever order."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from shop.accounts.tests.factories import AdminFactory
from shop.inventory.models import StockMovement
from shop.orders import services as orders
from shop.orders.models import Order, OrderMail
from shop.orders.statuses import Status, StockState, TransitionRefused
from shop.orders.tests.factories import make_order
from shop.payments import selectors, services
from shop.payments.models import Payment, Refund
from shop.payments.providers.base import Outcome, ProviderUnavailable, RefundOutcome
from shop.payments.services import PaymentClosed, RefundRefused
from shop.payments.statuses import PaymentStatus
from shop.payments.tests.factories import SCRIPTED, ScriptedProvider, expire, make_payment, state, stock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scripted(home_page: object, settings: Any) -> None:
    settings.PAYMENT_PROVIDERS = [*settings.PAYMENT_PROVIDERS, SCRIPTED]


class TestStart:
    def test_approved(self) -> None:
        payment = services.start_payment(payment_id=make_payment().pk, data={"card": "approves"})
        assert state(payment) == (PaymentStatus.CAPTURED, Status.PAID, StockState.SOLD)
        assert (payment.captured, payment.amount, payment.refunded) == (1645, 1645, 0)
        assert stock() == (9, 0)
        assert StockMovement.objects.get(kind="sale").reference == payment.order.number

    def test_declined(self) -> None:
        payment = services.start_payment(payment_id=make_payment().pk, data={"card": "declines"})
        assert state(payment) == (PaymentStatus.FAILED, Status.PAYMENT_FAILED, StockState.RELEASED)
        assert payment.failure == "The card was declined. Nothing was taken. Try another card or another way to pay."
        assert stock() == (10, 0)

    def test_needs_confirmation_keeps_the_stock(self) -> None:
        payment = services.start_payment(payment_id=make_payment().pk, data={"card": "confirms"})
        assert state(payment) == (PaymentStatus.NEEDS_CONFIRMATION, Status.AWAITING_PAYMENT, StockState.RESERVED)
        assert stock() == (10, 1)
        assert not OrderMail.objects.exists()

    def test_invoice_waits(self) -> None:
        payment = services.start_payment(payment_id=make_payment(provider="invoice").pk, data={})
        assert state(payment) == (PaymentStatus.PENDING, Status.AWAITING_PAYMENT, StockState.RESERVED)
        assert [mail.kind for mail in OrderMail.objects.all()] == ["confirmation"]

    def test_the_provider_is_asked_once(self) -> None:
        ScriptedProvider.script(start=[Outcome.captured(reference="r1")])
        payment = make_payment(provider="scripted")
        for _ in range(3):
            assert services.start_payment(payment_id=payment.pk, data={}).status == PaymentStatus.CAPTURED
        assert ScriptedProvider.calls == ["start"]

    def test_no_answer_assumes_nothing_and_can_be_repeated(self) -> None:
        ScriptedProvider.script(start=[None, Outcome.captured(reference="r1")])
        payment = make_payment(provider="scripted")
        with pytest.raises(ProviderUnavailable):
            services.start_payment(payment_id=payment.pk, data={})
        assert state(payment) == (PaymentStatus.CREATED, Status.AWAITING_PAYMENT, StockState.RESERVED)
        services.start_payment(payment_id=payment.pk, data={})
        assert state(payment) == (PaymentStatus.CAPTURED, Status.PAID, StockState.SOLD)

    def test_nothing_to_pay_asks_nobody(self) -> None:
        from shop.orders.tests.factories import make_line

        ScriptedProvider.script(start=[None])
        order = make_order(make_line("GIFT", unit_price=0), delivery=0)
        payment = services.start_payment(payment_id=make_payment(provider="scripted", order=order).pk, data={})
        assert state(payment) == (PaymentStatus.CAPTURED, Status.PAID, StockState.SOLD)
        assert ScriptedProvider.calls == []


class TestConfirm:
    @pytest.fixture
    def payment(self) -> Payment:
        return services.start_payment(payment_id=make_payment().pk, data={"card": "confirms"})

    def test_approve(self, payment: Payment) -> None:
        services.confirm_payment(payment_id=payment.pk, data={"decision": "approve"})
        assert state(payment) == (PaymentStatus.CAPTURED, Status.PAID, StockState.SOLD)

    def test_refuse(self, payment: Payment) -> None:
        services.confirm_payment(payment_id=payment.pk, data={"decision": "refuse"})
        assert state(payment) == (PaymentStatus.FAILED, Status.PAYMENT_FAILED, StockState.RELEASED)
        assert stock() == (10, 0)

    def test_twice(self, payment: Payment) -> None:
        services.confirm_payment(payment_id=payment.pk, data={"decision": "approve"})
        with pytest.raises(PaymentClosed) as closed:
            services.confirm_payment(payment_id=payment.pk, data={"decision": "refuse"})
        assert closed.value.payment.status == PaymentStatus.CAPTURED
        assert stock() == (9, 0)

    def test_too_late(self, payment: Payment) -> None:
        expire(payment)
        with pytest.raises(PaymentClosed) as closed:
            services.confirm_payment(payment_id=payment.pk, data={"decision": "approve"})
        assert closed.value.payment.status == PaymentStatus.CANCELLED
        assert state(payment) == (PaymentStatus.CANCELLED, Status.CANCELLED, StockState.RELEASED)
        assert stock() == (10, 0)

    def test_the_order_was_given_up_while_the_bank_took_the_money(self, payment: Payment) -> None:
        """The answer comes after the sweeper: the money must go back, the stock stays free."""
        services.give_up(payment_id=payment.pk)
        services.record_outcome(payment_id=payment.pk, outcome=Outcome.captured(reference="late"))
        assert state(payment) == (PaymentStatus.REFUND_DUE, Status.CANCELLED, StockState.RELEASED)
        assert stock() == (10, 0)
        (owed,) = selectors.refunds_requested()
        assert (owed.payment_id, owed.amount, owed.reason) == (
            payment.pk,
            1645,
            "The order was closed before the money came.",
        )
        services.settle_refund(refund_id=owed.pk)
        payment.refresh_from_db()
        assert (payment.status, payment.captured, payment.refunded) == (PaymentStatus.REFUNDED, 1645, 1645)


class TestOldNews:
    """Every answer, three times each, in every order: the outcome of the highest rank stands, and is done once."""

    NEWS = (Outcome.needs_confirmation(reference="r"), Outcome.captured(reference="r"), Outcome.declined(message="No."))

    @pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
    def test_any_order(self, order: tuple[int, ...]) -> None:
        payment = make_payment()
        for index in order:
            for _ in range(3):
                services.record_outcome(payment_id=payment.pk, outcome=self.NEWS[index])
        paid_first = order.index(1) < order.index(2)
        status, order_status, stock_state = state(payment)
        assert status == (PaymentStatus.CAPTURED if paid_first else PaymentStatus.REFUND_DUE)
        assert order_status == (Status.PAID if paid_first else Status.PAYMENT_FAILED)
        assert stock_state == (StockState.SOLD if paid_first else StockState.RELEASED)
        assert stock() == ((9, 0) if paid_first else (10, 0))


class TestStaff:
    def test_money_has_arrived(self) -> None:
        clerk = AdminFactory()
        payment = services.start_payment(payment_id=make_payment(provider="invoice").pk, data={})
        services.record_money(payment_id=payment.pk, actor=clerk, note="Seen on the statement of Friday")
        assert state(payment) == (PaymentStatus.CAPTURED, Status.PAID, StockState.SOLD)
        event = payment.order.events.get(kind="pay")
        assert (event.actor, event.message) == (clerk, "Seen on the statement of Friday")
        assert sorted(mail.kind for mail in OrderMail.objects.all()) == ["confirmation", "payment_received"]
        with pytest.raises(PaymentClosed):
            services.record_money(payment_id=payment.pk, actor=clerk)

    def test_cancel_before_the_money_came(self) -> None:
        payment = services.start_payment(payment_id=make_payment(provider="invoice").pk, data={})
        clerk = AdminFactory()
        order = services.cancel_order(order_id=payment.order_id, actor=clerk, note="Buyer rang")
        assert order.status == Status.CANCELLED
        assert state(payment) == (PaymentStatus.CANCELLED, Status.CANCELLED, StockState.RELEASED)
        event = order.events.get(kind="cancel")
        assert (event.actor, event.message) == (clerk, "Buyer rang")

    def test_cancel_a_paid_order_gives_stock_and_money_back(
        self, django_capture_on_commit_callbacks: Callable[..., Any]
    ) -> None:
        payment = services.start_payment(payment_id=make_payment().pk, data={"card": "approves"})
        assert stock() == (9, 0)
        with django_capture_on_commit_callbacks(execute=True):
            services.cancel_order(order_id=payment.order_id, actor=AdminFactory())
        assert state(payment) == (PaymentStatus.REFUNDED, Status.CANCELLED, StockState.RELEASED)
        assert stock() == (10, 0)
        back = StockMovement.objects.get(kind="return")
        assert (back.quantity, back.reference) == (1, payment.order.number)

    def test_a_transfer_goes_back_by_hand(self, django_capture_on_commit_callbacks: Callable[..., Any]) -> None:
        clerk = AdminFactory()
        payment = services.start_payment(payment_id=make_payment(provider="invoice").pk, data={})
        services.record_money(payment_id=payment.pk, actor=clerk)
        with django_capture_on_commit_callbacks(execute=True):
            services.cancel_order(order_id=payment.order_id, actor=clerk)
        assert state(payment)[0] == PaymentStatus.REFUND_DUE
        owed = Refund.objects.get()
        services.record_refund(refund_id=owed.pk, actor=clerk, note="Sent today")
        payment.refresh_from_db()
        assert (payment.status, payment.refunded) == (PaymentStatus.REFUNDED, 1645)
        with pytest.raises(RefundRefused, match="is “Refunded” already"):
            services.record_refund(refund_id=owed.pk, actor=clerk)

    def test_cancel_comes_too_late_for_the_bank(self, django_capture_on_commit_callbacks: Callable[..., Any]) -> None:
        ScriptedProvider.script(
            start=[Outcome.needs_confirmation(reference="r")],
            cancel=[Outcome.captured(reference="r")],
            refund=[RefundOutcome.settled()],
        )
        payment = services.start_payment(payment_id=make_payment(provider="scripted").pk, data={})
        with django_capture_on_commit_callbacks(execute=True):
            services.cancel_order(order_id=payment.order_id, actor=AdminFactory())
        assert state(payment) == (PaymentStatus.REFUNDED, Status.CANCELLED, StockState.RELEASED)
        assert stock() == (10, 0)
        assert ScriptedProvider.calls == ["start", "cancel", "refund"]

    def test_what_was_sent_cannot_be_cancelled(self) -> None:
        payment = services.start_payment(payment_id=make_payment().pk, data={"card": "approves"})
        orders.fulfil(order_id=payment.order_id)
        with pytest.raises(TransitionRefused, match="is “Sent”: “Cancelled” is possible only from"):
            services.cancel_order(order_id=payment.order_id)
        assert state(payment) == (PaymentStatus.CAPTURED, Status.FULFILLED, StockState.SOLD)

    def test_an_order_without_payment_can_be_cancelled(self) -> None:
        order = make_order()
        services.cancel_order(order_id=order.pk)
        assert Order.objects.get().status == Status.CANCELLED
        assert stock() == (10, 0)


def test_what_orders_show_of_a_payment() -> None:
    payment = services.start_payment(payment_id=make_payment(provider="invoice").pk, data={})
    view = selectors.payment_view(payment.order)
    assert view is not None
    assert (view.provider, view.status_label, view.amount, view.captured) == (
        "invoice",
        "Waiting for the money",
        1645,
        0,
    )
    assert view.instructions is not None
    assert ("Reference", payment.order.number) in view.instructions.rows
    assert selectors.payment_view(make_order()) is None


def test_a_payment_of_a_provider_that_is_gone_can_still_be_shown() -> None:
    view = selectors.payment_view(make_payment(provider="gone").order)
    assert view is not None
    assert view.instructions is None
