"""Two members of staff, or a buyer and one of them, at the same order, document or promotion."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from shop.accounts import privacy
from shop.accounts.models import User
from shop.accounts.services import vouch_for_address
from shop.accounts.tests.factories import UserFactory
from shop.cart.buyer import ANONYMOUS
from shop.cart.buyer import Buyer as Facts
from shop.cart.selectors import build_cart
from shop.checkout.ledger import violations
from shop.checkout.models import CheckoutAttempt
from shop.checkout.services import place_order
from shop.checkout.tests.factories import stock
from shop.orders import fulfilment, returns, review
from shop.orders.documents import numbering
from shop.orders.models import Document, Fulfilment, Order, OrderEvent, OrderLine, Return
from shop.orders.statuses import OrderRefused, Status
from shop.orders.tests.factories import CONTACT, make_line, make_order, paid_order
from shop.payments import services as payments
from shop.payments.events import receive_event
from shop.payments.models import Payment, ProviderEvent
from shop.payments.providers.base import Event, Outcome
from shop.payments.registry import providers
from shop.promotions.models import Promotion, UsageCounter
from shop.promotions.tests.factories import make_promotion
from tests.factories import make_product
from tests.fixtures.concurrency import Overlap

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home_page")]


def buy(buyer: Facts = ANONYMOUS, *, card: str = "approves", **cart: int) -> Order:
    """Order at the checkout; MUG=2 in the cart unless told otherwise."""
    cart = cart or {"MUG": 2}
    return place_order(
        key=uuid4(),
        items=cart,
        buyer=buyer,
        seen=build_cart(items=cart, buyer=buyer).fingerprint,
        contact=replace(CONTACT, email=buyer.email or CONTACT.email),
        provider=providers()["dummy"],
        provider_data={"card": card},
    ).order


@pytest.fixture
def order(home_page: object) -> Order:
    """Two mugs of ten and a lamp, paid."""
    make_product(sku="MUG", stock=10)
    make_product(sku="LAMP", stock=5)
    return buy(MUG=2, LAMP=1)


def line_of(order: Order, sku: str = "MUG") -> OrderLine:
    return order.lines.get(sku=sku)


class TestOneOrder:
    def test_the_same_units_are_sent_once(self, order: Order, overlap: Overlap) -> None:
        def send() -> Any:
            return fulfilment.send(order_id=order.pk, quantities={line_of(order).pk: 2})

        _, late = overlap(send, send)
        assert isinstance(late, OrderRefused)
        assert Fulfilment.objects.count() == 1
        assert violations() == []

    def test_two_units_are_taken_off_one_by_each(self, order: Order, overlap: Overlap) -> None:
        def withdraw() -> Any:
            return fulfilment.withdraw(order_id=order.pk, quantities={line_of(order).pk: 1}, restock=True)

        overlap(withdraw, withdraw)
        assert (line_of(order).withdrawn, line_of(order).restocked) == (2, 2)
        assert stock("MUG") == (10, 0)
        assert violations() == []

    def test_what_is_being_sent_is_not_cancelled(self, order: Order, overlap: Overlap) -> None:
        _, late = overlap(
            lambda: fulfilment.send(order_id=order.pk, quantities={line_of(order).pk: 1}),
            lambda: payments.cancel_order(order_id=order.pk),
        )
        assert isinstance(late, OrderRefused)
        order.refresh_from_db()
        assert (order.status, stock("MUG")) == (Status.PAID, (8, 0))
        assert violations() == []

    def test_units_come_back_once(self, order: Order, overlap: Overlap) -> None:
        fulfilment.send(order_id=order.pk)

        def announce() -> Return:
            return returns.announce(
                order_id=order.pk, quantities={line_of(order).pk: 2}, reason=Return.Reason.values[0]
            )

        _, late = overlap(announce, announce)
        assert isinstance(late, OrderRefused)
        assert (Return.objects.count(), line_of(order).returned) == (1, 2)
        assert violations() == []

    def test_a_held_order_is_released_once(self, order: Order, overlap: Overlap) -> None:
        ann, bob = UserFactory(is_staff=True), UserFactory(is_staff=True)
        review.hold(order=order, reasons=["A dear first order."])
        _, late = overlap(
            lambda: review.release(order_id=order.pk, actor=ann), lambda: review.release(order_id=order.pk, actor=bob)
        )
        assert isinstance(late, OrderRefused)
        assert OrderEvent.objects.get(order=order, kind=OrderEvent.Kind.RELEASE).actor == ann

    def test_refunds_are_at_most_what_was_paid(self, order: Order, overlap: Overlap) -> None:
        payment = order.payments.get()

        def refund() -> Any:
            return payments.refund(payment_id=payment.pk, amount=payment.amount, key=uuid4())

        _, late = overlap(refund, refund)
        assert isinstance(late, payments.RefundRefused)
        payment.refresh_from_db()
        assert payment.refunded + payment.refunding == payment.amount
        assert violations() == []


def test_invoices_have_one_number_after_the_other(home_page: object, overlap: Overlap) -> None:
    numbering.issue_invoice(order=paid_order(make_line("LAMP")))
    orders = make_order(make_line("MUG")), make_order(make_line("JUG"))
    overlap(*(lambda order=order: numbering.issue_invoice(order=order) for order in orders))
    first = Document.objects.order_by("sequence").values_list("sequence", flat=True)[0]
    found = Document.objects.order_by("sequence").values_list("order", "sequence")[1:]
    assert list(found) == [(orders[0].pk, first + 1), (orders[1].pk, first + 2)]


def test_a_note_that_is_being_written_is_erased_as_well(order: Order, overlap: Overlap) -> None:
    user = UserFactory(email=order.email)
    vouch_for_address(user=user)
    fulfilment.send(order_id=order.pk)
    overlap(
        lambda: returns.announce(
            order_id=order.pk,
            quantities={line_of(order).pk: 1},
            reason=Return.Reason.values[0],
            note="Ann Archer rang",
        ),
        lambda: privacy.erase(user=user),
    )
    assert "Ann Archer" not in Return.objects.get().note
    assert not User.objects.filter(pk=user.pk).exists()


def test_the_same_form_twice_is_one_order(home_page: object, overlap: Overlap) -> None:
    make_product(sku="MUG", stock=10)
    key, seen = uuid4(), build_cart(items={"MUG": 2}).fingerprint

    def press() -> int:
        return place_order(
            key=key,
            items={"MUG": 2},
            buyer=ANONYMOUS,
            seen=seen,
            contact=CONTACT,
            provider=providers()["dummy"],
            provider_data={"card": "approves"},
        ).order.pk

    first, late = overlap(press, press)
    assert first == late
    assert (Order.objects.count(), CheckoutAttempt.objects.count(), stock("MUG")) == (1, 1, (8, 0))


def test_the_same_message_twice_is_one(order: Order, overlap: Overlap) -> None:
    payment = Payment.objects.get()
    event = Event(
        id="evt_1", type="paid", reference=payment.reference, key=payment.idempotency_key, outcome=Outcome.captured()
    )
    first, late = overlap(*[lambda: receive_event(provider_code="dummy", event=event).pk] * 2)
    assert first == late
    assert ProviderEvent.objects.count() == 1


class TestPromotions:
    @pytest.fixture
    def use(self, home_page: object) -> Callable[[], Order]:
        make_product(sku="MUG", stock=10)
        make_product(sku="JUG", stock=10)
        return lambda: buy(Facts(email=f"{uuid4()}@example.com", codes=("TEN",)), MUG=1)

    def test_two_begin_to_count_at_once(self, use: Callable[[], Order], overlap: Overlap) -> None:
        make_promotion(code="TEN", limit_total=7)

        def other() -> Order:
            # Another product, so that nobody waits for its stock.
            return buy(Facts(email="bob@example.com", codes=("TEN",)), JUG=1)

        first, late = overlap(use, other)
        assert [type(first), type(late)] == [Order, Order]
        assert UsageCounter.objects.get(key="total").used == 2
        assert violations() == []

    def test_counting_begins_after_a_use_that_is_under_way(self, use: Callable[[], Order], overlap: Overlap) -> None:
        promotion = make_promotion(code="TEN")

        def limit_and_use() -> Order:
            Promotion.objects.filter(pk=promotion.pk).update(limit_total=1)
            return use()

        overlap(use, limit_and_use)
        assert Order.objects.filter(discount_total__gt=0).count() == 1
        assert violations() == []
