"""The sweeper: what buyers left unfinished, what a crash left half done, what is owed."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from shop.orders.statuses import Status, StockState
from shop.payments import reconcile, refunds, services
from shop.payments.models import Payment
from shop.payments.providers.base import Outcome, RefundOutcome
from shop.payments.statuses import PaymentStatus
from shop.payments.tasks import settle_owed_refund
from shop.payments.tests.factories import SCRIPTED, ScriptedProvider, expire, make_payment, state, stock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scripted(home_page: object, settings: Any) -> None:
    settings.PAYMENT_PROVIDERS = [*settings.PAYMENT_PROVIDERS, SCRIPTED]


class TestSweeper:
    def test_an_unfinished_confirmation_gives_the_stock_back(self, capsys: pytest.CaptureFixture[str]) -> None:
        old = services.start_payment(payment_id=make_payment().pk, data={"card": "confirms"})
        young = services.start_payment(payment_id=make_payment().pk, data={"card": "confirms"})
        expire(old)
        call_command("expire_payments")
        assert capsys.readouterr().out == f"{old.order.number}: Cancelled\n"
        assert state(old) == (PaymentStatus.CANCELLED, Status.CANCELLED, StockState.RELEASED)
        assert state(young) == (PaymentStatus.NEEDS_CONFIRMATION, Status.AWAITING_PAYMENT, StockState.RESERVED)
        assert stock() == (10, 1)
        call_command("expire_payments")
        assert capsys.readouterr().out == ""

    def test_a_transfer_has_the_days_of_the_letter_and_three_more(self) -> None:
        payment = services.start_payment(payment_id=make_payment(provider="invoice").pk, data={})
        end = timezone.localtime(payment.expires_at)
        assert (end.hour, end.minute) == (0, 0)
        asked = timezone.localtime(payment.created_at).date() + timedelta(days=7)
        assert end.date() == asked + timedelta(days=4), "three whole days after the one that was asked for"
        assert reconcile.expire_payments() == []

    def test_a_transfer_that_never_comes_gives_the_stock_back(self, django_capture_on_commit_callbacks: Any) -> None:
        payment = services.start_payment(payment_id=make_payment(provider="invoice").pk, data={})
        expire(payment)
        with django_capture_on_commit_callbacks(execute=True):
            assert [settled.pk for settled in reconcile.expire_payments()] == [payment.pk]
        assert state(payment) == (PaymentStatus.CANCELLED, Status.CANCELLED, StockState.RELEASED)
        letter = mail.outbox[-1]
        assert letter.subject == f"Your order {payment.order.number} is cancelled"
        assert "No money of yours has reached us" in letter.body
        assert reconcile.expire_payments() == []

    def test_money_that_comes_after_that_goes_back(self, django_user_model: Any) -> None:
        payment = services.start_payment(payment_id=make_payment(provider="invoice").pk, data={})
        expire(payment)
        reconcile.expire_payments()
        services.record_outcome(payment_id=payment.pk, outcome=Outcome.captured())
        assert state(payment)[0] == PaymentStatus.REFUND_DUE

    def test_a_provider_that_names_no_end_waits_for_as_long_as_it_takes(self) -> None:
        ScriptedProvider.script(start=[Outcome.pending(reference="r")])
        payment = services.start_payment(payment_id=make_payment(provider="scripted").pk, data={})
        assert payment.expires_at is None
        assert reconcile.expire_payments() == []

    @pytest.mark.parametrize(
        ("found", "expected"),
        [
            (Outcome.captured(reference="r"), (PaymentStatus.CAPTURED, Status.PAID, StockState.SOLD)),
            (Outcome.declined(message="No."), (PaymentStatus.FAILED, Status.PAYMENT_FAILED, StockState.RELEASED)),
            (Outcome.cancelled(), (PaymentStatus.CANCELLED, Status.CANCELLED, StockState.RELEASED)),
            (
                Outcome.needs_confirmation(reference="r"),
                (PaymentStatus.CANCELLED, Status.CANCELLED, StockState.RELEASED),
            ),
        ],
    )
    def test_what_a_crash_left_is_looked_up(self, found: Outcome, expected: tuple[str, str, str]) -> None:
        ScriptedProvider.script(fetch=[found], cancel=[Outcome.cancelled()])
        payment = make_payment(provider="scripted")
        expire(payment)
        reconcile.expire_payments()
        assert state(payment) == expected

    def test_one_that_cannot_be_reached_holds_up_no_other(self) -> None:
        ScriptedProvider.script(fetch=[None])
        unreachable = make_payment(provider="scripted")
        unknown = make_payment(provider="gone")
        other = services.start_payment(payment_id=make_payment().pk, data={"card": "confirms"})
        for payment in (unreachable, unknown, other):
            expire(payment)
        assert [payment.pk for payment in reconcile.expire_payments()] == [other.pk]
        assert state(unreachable)[0] == state(unknown)[0] == PaymentStatus.CREATED

    def test_a_provider_that_hangs_is_asked_thrice_in_a_round_and_the_others_as_ever(self) -> None:
        ScriptedProvider.script(fetch=[None] * 3)
        for _ in range(5):
            expire(make_payment(provider="scripted"))
        others = [services.start_payment(payment_id=make_payment().pk, data={"card": "confirms"}) for _ in range(5)]
        for payment in others:
            expire(payment)
        assert {payment.pk for payment in reconcile.expire_payments()} == {payment.pk for payment in others}
        assert ScriptedProvider.calls == ["fetch"] * 3
        ScriptedProvider.script(fetch=[Outcome.captured(reference=f"r{n}") for n in range(5)])
        assert len(reconcile.expire_payments()) == 5

    def test_answers_in_between_let_a_round_go_on(self) -> None:
        first, second = Outcome.captured(reference="r1"), Outcome.captured(reference="r2")
        ScriptedProvider.script(fetch=[None, None, first, None, None, second])
        for _ in range(6):
            expire(make_payment(provider="scripted"))
        assert len(reconcile.expire_payments()) == 2

    def test_refunds_of_a_provider_that_hangs_wait_as_well(self) -> None:
        ScriptedProvider.script(refund=[None] * 3)
        for number in range(4):
            payment = make_payment(provider="scripted")
            services.record_outcome(payment_id=payment.pk, outcome=Outcome.cancelled())
            services.record_outcome(payment_id=payment.pk, outcome=Outcome.captured(reference=f"r{number}"))
        assert refunds.settle_refunds() == []
        assert ScriptedProvider.calls == ["refund"] * 3

    def test_a_refund_that_does_not_go_through_at_once_is_left_to_the_sweeper(self) -> None:
        ScriptedProvider.script(refund=[None, RefundOutcome.settled()])
        payment = make_payment(provider="scripted")
        services.record_outcome(payment_id=payment.pk, outcome=Outcome.cancelled())
        services.record_outcome(payment_id=payment.pk, outcome=Outcome.captured(reference="r"))
        owed = payment.refunds.get().pk
        assert settle_owed_refund.call(owed) is False
        assert state(payment)[0] == PaymentStatus.REFUND_DUE
        assert settle_owed_refund.call(owed) is True
        assert settle_owed_refund.call(owed) is True
        assert ScriptedProvider.calls == ["refund", "refund"]

    def test_refunds_are_repeated_until_they_go_through(self, capsys: pytest.CaptureFixture[str]) -> None:
        ScriptedProvider.script(refund=[None, RefundOutcome.settled()])
        payment = make_payment(provider="scripted")
        services.record_outcome(payment_id=payment.pk, outcome=Outcome.cancelled())
        services.record_outcome(payment_id=payment.pk, outcome=Outcome.captured(reference="r"))
        call_command("expire_payments")
        assert state(payment)[0] == PaymentStatus.REFUND_DUE
        capsys.readouterr()
        call_command("expire_payments")
        assert state(payment)[0] == PaymentStatus.REFUNDED
        assert capsys.readouterr().out == f"{payment.order.number}: £16.45 refunded\n"


class TestReconciler:
    """The shop asks where nobody told it."""

    def wait(self, payment: Payment, *, seconds: int) -> None:
        past = timezone.now() - timedelta(seconds=seconds)
        Payment.objects.filter(pk=payment.pk).update(created_at=past)

    @pytest.mark.parametrize("found", [Outcome.cancelled(), Outcome.needs_confirmation(reference="r")])
    def test_what_is_just_being_started_is_left_alone(self, found: Outcome) -> None:
        ScriptedProvider.script(fetch=[found])
        payment = make_payment(provider="scripted")
        self.wait(payment, seconds=20)
        assert reconcile.reconcile_payments() == []
        assert state(payment) == (PaymentStatus.CREATED, Status.AWAITING_PAYMENT, StockState.RESERVED)

    def test_money_is_found_whether_the_start_was_recorded_or_not(self) -> None:
        ScriptedProvider.script(fetch=[Outcome.captured(reference="a"), Outcome.captured(reference="b")])
        unknown, waiting = make_payment(provider="scripted"), make_payment(provider="scripted")
        services.record_outcome(payment_id=waiting.pk, outcome=Outcome.needs_confirmation(reference="b"))
        for payment in (unknown, waiting):
            self.wait(payment, seconds=20)
        assert len(reconcile.reconcile_payments()) == 2
        assert state(unknown) == state(waiting) == (PaymentStatus.CAPTURED, Status.PAID, StockState.SOLD)

    def test_an_outage_holds_up_no_other(self) -> None:
        ScriptedProvider.script(fetch=[None, Outcome.captured(reference="b")])
        for _ in range(2):
            self.wait(make_payment(provider="scripted"), seconds=20)
        assert len(reconcile.reconcile_payments()) == 1

    @pytest.mark.parametrize(
        ("outcome", "age", "since", "asks"),
        [
            (Outcome.needs_confirmation(reference="r"), 5, 5, 0),
            (Outcome.needs_confirmation(reference="r"), 20, 20, 1),
            # The buyer is at the bank all the time.
            (Outcome.needs_confirmation(reference="r"), 800, 10, 0),
            (Outcome.needs_confirmation(reference="r"), 800, 16, 1),
            # The money comes some day: the older the rarer.
            (Outcome.pending(reference="r"), 600, 30, 0),
            (Outcome.pending(reference="r"), 600, 70, 1),
            (Outcome.pending(reference="r"), 864_000, 3_500, 0),
            (Outcome.pending(reference="r"), 864_000, 3_700, 1),
        ],
    )
    def test_how_often_is_asked(self, outcome: Outcome, age: int, since: int, asks: int) -> None:
        ScriptedProvider.script(fetch=[outcome])
        payment = make_payment(provider="scripted")
        services.record_outcome(payment_id=payment.pk, outcome=outcome)
        self.wait(payment, seconds=age)
        Payment.objects.update(asked_at=timezone.now() - timedelta(seconds=since))
        reconcile.reconcile_payments()
        assert len(ScriptedProvider.calls) == asks

    def test_nobody_is_asked_about_what_staff_record(self) -> None:
        payment = services.start_payment(payment_id=make_payment(provider="invoice").pk, data={})
        self.wait(payment, seconds=20)
        reconcile.reconcile_payments()
        payment.refresh_from_db()
        assert payment.asked_at is None
