"""Sending: in parts, never more than was bought, undone, and told to the buyer once for each parcel."""

from typing import Any

import pytest
from django.core import mail as outbox
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.accounts.tests.factories import UserFactory
from shop.inventory.models import StockItem
from shop.orders import fulfilment, letters, mail, returns, services
from shop.orders.drafts import ComponentDraft
from shop.orders.fulfilment import Parcel
from shop.orders.models import Carrier, Order, OrderEvent, OrderLine, OrderMail
from shop.orders.statuses import OrderRefused, Status, TransitionRefused
from shop.orders.tests.factories import broken_rules, make_line, make_order, paid_order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site(home_page: object) -> None:
    Carrier.objects.get_or_create(name="DPD", defaults={"tracking_address": "https://dpd.example/?p={number}"})


def on_hand(sku: str = "MUG") -> int:
    return StockItem.objects.get(sku=sku).on_hand


def line_of(order: Order, sku: str = "MUG") -> OrderLine:
    return order.lines.get(sku=sku)


class TestSend:
    def test_in_two_parcels(self) -> None:
        clerk = UserFactory()
        order = paid_order(make_line("MUG", quantity=3), make_line("BOWL", unit_price=800))
        mug = line_of(order)
        Carrier.objects.filter(name="DPD").update(tracking_address="https://dpd.example/?p={number}")
        first = fulfilment.send(
            order_id=order.pk, quantities={mug.pk: 2}, parcel=Parcel("DPD", "A/1 2"), actor=clerk, note="Fragile"
        )
        assert first is not None
        order.refresh_from_db()
        assert (order.status, order.closed_at, order.units_to_send) == (Status.PAID, None, 2)
        assert (first.position, first.carrier, first.tracking_url) == (1, "DPD", "https://dpd.example/?p=A%2F1%202")
        assert [(part.line.sku, part.quantity) for part in first.lines.all()] == [("MUG", 2)]
        second = fulfilment.send(order_id=order.pk, actor=clerk)
        assert second is not None
        assert [(part.line.sku, part.quantity) for part in second.lines.all()] == [("MUG", 1), ("BOWL", 1)]
        order.refresh_from_db()
        assert order.status == Status.FULFILLED
        assert order.closed_at is not None
        told = [(event.kind, event.message, event.actor) for event in order.events.order_by("pk")[2:]]
        assert told == [
            ("shipment", "Shipment 1: 2 × MUG. DPD A/1 2. Fragile", clerk),
            ("shipment", "Shipment 2: 1 × MUG, 1 × BOWL", clerk),
            ("fulfil", "", clerk),
        ]
        keys = [("shipped", str(each.pk)) for each in (first, second)]
        assert sorted(order.mails.values_list("kind", "key")) == sorted(keys)
        assert broken_rules() == []

    @pytest.mark.parametrize(
        ("units", "words"),
        [
            (3, "3 is not possible: only 2 of Product MUG are left to be sent."),
            (-1, "-1 is not possible: only 2 of Product MUG are left to be sent."),
            (2**63, f"{2**63} is not possible: only 2 of Product MUG are left to be sent."),
            (0, "Say how many units are sent: at least one."),
        ],
    )
    def test_what_is_not_there_is_refused(self, units: int, words: str) -> None:
        order = paid_order(make_line(quantity=2))
        with pytest.raises(OrderRefused, match=words):
            fulfilment.send(order_id=order.pk, quantities={line_of(order).pk: units})
        assert (order.fulfilments.count(), order.mails.count(), line_of(order).fulfilled) == (0, 0, 0)

    def test_lines_of_another_order_are_refused(self) -> None:
        order, other = paid_order(), paid_order(make_line("BOWL"))
        with pytest.raises(OrderRefused, match="not a line of this order"):
            fulfilment.send(order_id=order.pk, quantities={line_of(other, "BOWL").pk: 1})

    @pytest.mark.parametrize("status", [Status.AWAITING_PAYMENT, Status.CANCELLED, Status.PAYMENT_FAILED])
    def test_only_paid_orders_are_sent(self, status: Status) -> None:
        order = make_order()
        Order.objects.update(status=status)
        with pytest.raises(TransitionRefused):
            fulfilment.send(order_id=order.pk)
        assert order.fulfilments.count() == 0

    def test_downloads_alone_are_sent_when_paid(self) -> None:
        order = paid_order(make_line("FILE", digital=True))
        assert (order.status, order.fulfilments.count(), order.mails.count()) == (Status.FULFILLED, 0, 0)
        assert [event.kind for event in order.events.all()] == ["placed", "pay", "fulfil"]
        assert broken_rules() == []

    def test_downloads_do_not_hold_up_goods(self) -> None:
        order = paid_order(make_line("MUG"), make_line("FILE", digital=True))
        assert (order.status, order.units_to_send) == (Status.PAID, 1)
        services.fulfil(order_id=order.pk)
        order.refresh_from_db()
        assert order.status == Status.FULFILLED
        assert broken_rules() == []


class TestUndo:
    def test_units_are_to_be_sent_again(self) -> None:
        order = paid_order(make_line(quantity=2))
        shipment = fulfilment.send(order_id=order.pk)
        assert shipment is not None
        fulfilment.undo(fulfilment_id=shipment.pk, note="Wrong order")
        order.refresh_from_db()
        assert (order.status, order.closed_at, order.units_to_send) == (Status.PAID, None, 2)
        assert list(order.mails.all()) == []  # it had not left
        assert [event.kind for event in order.events.order_by("pk")[3:]] == ["fulfil", "shipment", "reopen"]
        assert broken_rules() == []
        with pytest.raises(OrderRefused, match="undone already"):
            fulfilment.undo(fulfilment_id=shipment.pk)
        again = fulfilment.send(order_id=order.pk)
        assert again is not None
        assert again.position == 2
        assert broken_rules() == []

    def test_not_where_something_came_back(self) -> None:
        order = paid_order(make_line(quantity=2))
        shipment = fulfilment.send(order_id=order.pk)
        assert shipment is not None
        returns.announce(order_id=order.pk, quantities={line_of(order).pk: 1}, reason="damaged")
        with pytest.raises(OrderRefused, match="have come back as a return"):
            fulfilment.undo(fulfilment_id=shipment.pk)


class TestWithdraw:
    @pytest.mark.parametrize(("restock", "left"), [(True, 8), (False, 7)])
    def test_part_of_an_order(self, restock: bool, left: int) -> None:
        order = paid_order(make_line(quantity=3))
        assert on_hand() == 7
        fulfilment.send(order_id=order.pk, quantities={line_of(order).pk: 2})
        fulfilment.withdraw(order_id=order.pk, quantities={line_of(order).pk: 1}, restock=restock, note="Chipped")
        order.refresh_from_db()
        assert (order.status, on_hand()) == (Status.FULFILLED, left)
        message = order.events.get(kind="withdrawal").message
        assert message == f"1 × MUG, {'back on the shelf' if restock else 'not on the shelf'}. Chipped"
        assert broken_rules() == []

    def test_not_the_whole_order(self) -> None:
        order = paid_order(make_line(quantity=3))
        with pytest.raises(OrderRefused, match="Cancel it instead"):
            fulfilment.withdraw(order_id=order.pk, quantities={line_of(order).pk: 3}, restock=True)
        assert (line_of(order).withdrawn, on_hand()) == (0, 7)

    def test_bundles_go_back_as_their_parts(self) -> None:
        parts = (ComponentDraft("MUG", "Mug", "", 2), ComponentDraft("FILE", "File", "", 1, digital=True))
        make_order(make_line("MUG"))  # so that there is stock of it: 10, one reserved
        order = paid_order(make_line("SET", quantity=3, components=parts))
        assert on_hand() == 4
        fulfilment.withdraw(order_id=order.pk, quantities={line_of(order, "SET").pk: 2}, restock=True)
        assert on_hand() == 8
        assert broken_rules() == []

    def test_cancelling_gives_back_only_what_is_still_out(self) -> None:
        order = paid_order(make_line(quantity=3))
        fulfilment.withdraw(order_id=order.pk, quantities={line_of(order).pk: 1}, restock=False)
        services.cancel(order_id=order.pk)
        assert on_hand() == 9  # the one that is missing does not come back
        assert broken_rules() == []

    def test_a_part_that_was_sent_cannot_be_cancelled(self) -> None:
        order = paid_order(make_line(quantity=3))
        fulfilment.send(order_id=order.pk, quantities={line_of(order).pk: 1})
        with pytest.raises(OrderRefused, match="A part of this order has been sent"):
            services.cancel(order_id=order.pk)
        order.refresh_from_db()
        assert (order.status, on_hand(), services.can_cancel(order)) == (Status.PAID, 7, False)


class TestLetters:
    def test_one_for_each_parcel(self, django_capture_on_commit_callbacks: Any) -> None:
        order = paid_order(make_line(quantity=2))
        with django_capture_on_commit_callbacks(execute=True):
            fulfilment.send(order_id=order.pk, quantities={line_of(order).pk: 1}, parcel=Parcel("DPD", "77"))
            fulfilment.send(order_id=order.pk)
        first, last = outbox.outbox
        assert first.subject == f"A parcel of your order {order.number} is on its way"
        assert "1 × Product MUG" in first.body
        assert "The rest follows." not in last.body
        assert "the last parcel of your order" in last.body
        assert [letter.sent_at is None for letter in order.mails.all()] == [False, False]

    def test_staff_may_keep_silent(self) -> None:
        order = paid_order()
        fulfilment.send(order_id=order.pk, tell=False)
        assert order.mails.count() == 0

    def test_a_crash_between_sending_and_noting_it(
        self, settings: Any, django_capture_on_commit_callbacks: Any
    ) -> None:
        """The letter goes out again, and says by its id that it is the same one."""
        order = paid_order()
        fulfilment.send(order_id=order.pk)
        letter = order.mails.get()
        message = mail.compose(order=order, kind=letter.kind, key=letter.key)
        message.extra_headers["Message-ID"] = mail.message_id(letter)
        message.send()  # and here the worker dies: claimed, sent, not noted
        OrderMail.objects.update(claimed_at=letter.created_at - mail.CLAIM_TIMEOUT * 2, attempts=1)
        assert mail.deliver(mail_id=letter.pk) is True
        assert mail.deliver(mail_id=letter.pk) is False
        ids = {each.message()["Message-ID"] for each in outbox.outbox}
        assert len(outbox.outbox) == 2
        assert ids == {f"<order-letter.{letter.pk}.0@testserver>"}
        services.resend_mail(order=order, kind=letter.kind, key=letter.key)
        letter.refresh_from_db()
        assert mail.message_id(letter) == f"<order-letter.{letter.pk}.1@testserver>"

    def test_of_an_undone_shipment_none_leaves(self) -> None:
        order = paid_order()
        shipment = fulfilment.send(order_id=order.pk)
        assert shipment is not None
        OrderMail.objects.update(claimed_at=shipment.created_at)  # a worker has it in hand
        fulfilment.undo(fulfilment_id=shipment.pk)
        OrderMail.objects.update(claimed_at=None)
        assert mail.deliver(mail_id=order.mails.get().pk) is False
        assert (outbox.outbox, order.mails.count()) == ([], 0)
        event = order.events.order_by("pk").last()
        assert event is not None
        assert (event.kind, event.message) == (
            OrderEvent.Kind.MAIL,
            "Not sent: The shipment that this letter is about was undone.",
        )

    def test_what_is_collected_is_ready_and_goes_nowhere(self) -> None:
        order = paid_order(make_line("MUG", quantity=2))
        Order.objects.filter(pk=order.pk).update(collection_place="Tavern Street")
        order.refresh_from_db()
        line = order.lines.get()
        first = mail.compose(order=order, kind="confirmation")
        assert f"{first.body} {first.alternatives[0][0]!s}".count("We write again when you can collect it.") == 2
        subjects = []
        for words in ("a part of your order", "the rest of your order"):
            shipment = fulfilment.send(order_id=order.pk, quantities={line.pk: 1})
            assert shipment is not None
            letter = mail.compose(order=order, kind="shipped", key=shipment.letter_key)
            text = f"{letter.body} {letter.alternatives[0][0]!s}"
            assert text.count(words) == 2
            assert [wrong for wrong in ("on its way", "left us", "PARCEL", "parcel") if wrong in text] == []
            subjects.append(letter.subject)
        number = order.number
        assert subjects == [
            f"A part of your order {number} is ready to collect",
            f"Your order {number} is ready to collect",
        ]

    @pytest.mark.parametrize("key", ["", "x", "999", "9" * 30])
    def test_a_letter_about_nothing_is_not_composed(self, key: str) -> None:
        with pytest.raises(mail.LetterOutdated):
            mail.compose(order=paid_order(), kind="shipped", key=key)

    def test_promised_once_for_each_key(self) -> None:
        order = paid_order()
        for key in ("1", "1", "2"):
            letters.request_mail(order=order, kind="shipped", key=key)
        assert list(order.mails.values_list("key", flat=True)) == ["1", "2"]


class TestTracking:
    @pytest.mark.parametrize(
        ("address", "number", "url"),
        [
            ("https://c.example/{number}", "A B/1", "https://c.example/A%20B%2F1"),
            ("https://c.example/?n={number}", "1&x=2", "https://c.example/?n=1%26x%3D2"),
            ("", "1", ""),
            ("https://c.example/{number}", "", ""),
        ],
    )
    def test_address(self, address: str, number: str, url: str) -> None:
        assert Carrier(name="C", tracking_address=address).tracking_url(number) == url

    @pytest.mark.parametrize(
        "address",
        ["https://c.example/", "javascript:{number}", "https://c.example/{number}{number}", "https://{x}{number}"],
    )
    def test_what_is_no_address_is_refused(self, address: str) -> None:
        from django.core.exceptions import ValidationError

        with pytest.raises(ValidationError):
            Carrier(name="C", tracking_address=address).full_clean()


@pytest.mark.database
@pytest.mark.parametrize(
    "change", [{"fulfilled": 3}, {"fulfilled": 2, "withdrawn": 1}, {"returned": 1}, {"restocked": 1}]
)
def test_the_database_refuses_more_than_was_bought(change: dict[str, int]) -> None:
    paid_order(make_line(quantity=2))
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderLine.objects.update(**change)


STEPS = st.lists(
    st.tuples(st.sampled_from(["send", "undo", "withdraw", "announce", "receive", "drop"]), st.integers(0, 4)),
    max_size=12,
)


@settings(max_examples=15, deadline=None)
@given(steps=STEPS)
def test_whatever_staff_do_the_sums_hold(steps: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        order = paid_order(make_line("MUG", quantity=4), make_line("BOWL", quantity=2), stock=100)
        for what, units in steps:
            try:
                _step(order, what, units)
            except OrderRefused:
                continue
        assert broken_rules() == []
        transaction.set_rollback(True)


def _step(order: Order, what: str, units: int) -> None:
    line = order.lines.all()[units % 2]
    match what:
        case "send":
            fulfilment.send(order_id=order.pk, quantities={line.pk: units})
        case "undo":
            for shipment in order.fulfilments.all()[:1]:
                fulfilment.undo(fulfilment_id=shipment.pk)
        case "withdraw":
            fulfilment.withdraw(order_id=order.pk, quantities={line.pk: units}, restock=units % 2 == 0)
        case "announce":
            returns.announce(order_id=order.pk, quantities={line.pk: units}, reason="other")
        case "receive":
            for returned in order.returns.all():
                returns.receive(return_id=returned.pk, restock={part.pk: 0 for part in returned.lines.all()[1:]})
        case _:
            for returned in order.returns.all():
                returns.drop(return_id=returned.pk)
