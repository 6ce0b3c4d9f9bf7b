"""Carts, reservations, payments, cancellations, refunds and stock in any order: the ledger is always clean.

A model in plain arithmetic goes along. ``make test-long`` runs it two thousand times, fifty steps each; several
processes may share them, each with its part (``CORNHILL_RUNS=250``) and a database of its own.
"""

import os
import uuid
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)
from wagtail.models import Site

from shop.accounts.models import User
from shop.cart.buyer import ANONYMOUS
from shop.cart.selectors import build_cart
from shop.catalog.models import BundleComponent
from shop.checkout import services as checkout
from shop.checkout.ledger import STATEMENT, violations
from shop.inventory import services as inventory
from shop.inventory.models import StockItem
from shop.orders import fulfilment, returns, review
from shop.orders.drafts import Contact
from shop.orders.models import Fulfilment, Order, OrderLine, Return
from shop.orders.statuses import OrderRefused, Status
from shop.payments import reconcile, refunds
from shop.payments import services as payments
from shop.payments.models import Payment
from shop.payments.refunds import RefundRefused
from shop.payments.registry import providers
from shop.payments.statuses import PaymentStatus
from shop.screening.models import ScreeningSettings
from tests.factories import make_product
from tests.long import LONG, STORED_AT_ONCE, many_times

# Shrinking takes minutes: only where somebody waits for it.
PHASES = (Phase.generate, Phase.shrink) if LONG else (Phase.generate,)
RUNS, STEPS = (int(os.environ.get("CORNHILL_RUNS", 2_000)), 50) if LONG else (12, 25)
PARTS, AT_ONCE = many_times(RUNS, at_once=STORED_AT_ONCE)

CONTACT = Contact(
    email="ann@example.com",
    name="Ann Archer",
    address_line_1="1 Quay Street",
    address_line_2="",
    city="Ipswich",
    postcode="IP4 1AA",
    country="GB",
)
# SKU -> units that one unit of it takes from the shelves.
SHELVES = {"MUG": Counter(MUG=1), "JUG": Counter(JUG=1), "SET": Counter(MUG=2, JUG=1), "LAMP": Counter(LAMP=1)}
BEYOND = Counter(LAMP=2)
STAFF = "staff@example.com"
KEYS = [uuid.uuid5(uuid.NAMESPACE_DNS, f"{n}.example.com") for n in range(4)]
CARDS = st.sampled_from(["approves", "approves", "declines", "confirms", "transfer"])


class Shop(RuleBasedStateMachine):
    """What a shop does all day, and what it must never do."""

    placed = Bundle("placed")

    @initialize(mugs=st.integers(0, 6), jugs=st.integers(0, 4), lamps=st.integers(0, 2))
    def open(self, mugs: int, jugs: int, lamps: int) -> None:
        """The goods of ``furnish`` come to the shelves; whatever happens from here on is undone at the end."""
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.staff = User.objects.get(email=STAFF)
        self.here = Counter(MUG=mugs, JUG=jugs, LAMP=lamps)
        for sku, units in self.here.items():
            if units:
                inventory.adjust(sku=sku, quantity=units, kind=inventory.Kind.OPENING)
        self.sold: dict[int, Counter[str]] = {}

    def teardown(self) -> None:
        if hasattr(self, "transaction"):
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    # The buyer.

    @rule(
        target=placed,
        items=st.dictionaries(st.sampled_from(sorted(SHELVES)), st.integers(1, 3), min_size=1, max_size=3),
        card=CARDS,
        stale=st.booleans(),
    )
    def check_out(self, items: dict[str, int], card: str, stale: bool) -> Any:
        """Sold exactly where the shelves have it; nothing at all where what was seen is not what is true."""
        provider = providers()["invoice" if card == "transfer" else "dummy"]
        wanted = Counter[str]()
        for sku, quantity in items.items():
            wanted.update({part: units * quantity for part, units in SHELVES[sku].items()})
        fits = all(self.here[sku] + BEYOND[sku] >= units for sku, units in wanted.items())
        cart = build_cart(items=items) if fits and not stale else None
        before = Order.objects.count()
        try:
            placement = checkout.place_order(
                key=uuid.uuid4(),
                items=items,
                buyer=ANONYMOUS,
                seen=cart.fingerprint if cart else "an old cart",
                contact=CONTACT,
                provider=provider,
                provider_data={"card": card},
            )
        except checkout.CartNotSellable:
            outcome = "cannot be had"
        except checkout.CartChanged:
            outcome = "has changed"
        else:
            outcome = "ordered"
        assert outcome == ("cannot be had" if not fits else "has changed" if stale else "ordered")
        if outcome != "ordered":
            assert Order.objects.count() == before
            return multiple()
        assert cart is not None
        assert placement.order.total == cart.total == placement.payment.amount
        if card == "declines":
            assert placement.order.status == Status.PAYMENT_FAILED
            return multiple()
        self._take(placement.order.pk, wanted)
        return placement.order.pk

    @rule(order=placed, decision=st.sampled_from(["approve", "refuse", "wait"]))
    def confirm(self, order: int, decision: str) -> None:
        payment = self._payment(order)
        if payment.status != PaymentStatus.NEEDS_CONFIRMATION:
            with pytest.raises(payments.PaymentClosed):
                payments.confirm_payment(payment_id=payment.pk, data={"decision": decision})
            return
        after = payments.confirm_payment(payment_id=payment.pk, data={"decision": decision})
        if after.status == PaymentStatus.FAILED:
            self._put_back(order)

    @rule(order=placed)
    def press_back_and_start_again(self, order: int) -> None:
        """Giving up what is open gives the goods back; what is paid stands."""
        payment = self._payment(order)
        after = payments.give_up(payment_id=payment.pk)
        if after.status == PaymentStatus.CANCELLED:
            self._put_back(order)

    @rule(order=placed)
    def time_passes(self, order: int) -> None:
        Payment.objects.filter(order=order).exclude(expires_at=None).update(
            expires_at=timezone.now() - timedelta(seconds=1)
        )
        reconcile.expire_payments()
        if Order.objects.get(pk=order).status == Status.CANCELLED:
            self._put_back(order)

    # Staff.

    @rule(order=placed)
    def see_the_money(self, order: int) -> None:
        payment = self._payment(order)
        if payment.status == PaymentStatus.PENDING:
            payments.record_money(payment_id=payment.pk, actor=self.staff)
            assert Order.objects.get(pk=order).status == Status.PAID

    @rule(order=placed)
    def cancel(self, order: int) -> None:
        found = Order.objects.get(pk=order)
        stands = found.status in (Status.PAID, Status.AWAITING_PAYMENT)
        possible = stands and not any(line.fulfilled for line in found.lines.all())
        try:
            payments.cancel_order(order_id=order, actor=self.staff)
        except OrderRefused:
            assert not possible
            return
        assert possible
        self._put_back(order)

    @rule(order=placed, amount=st.integers(-1, 20_000), key=st.sampled_from(KEYS))
    def refund(self, order: int, amount: int, key: uuid.UUID) -> None:
        payment = self._payment(order)
        left = payment.captured - payment.refunded
        try:
            found = refunds.refund(payment_id=payment.pk, amount=amount, actor=self.staff, key=key)
        except RefundRefused:
            return
        assert found.amount <= payment.captured
        assert found.amount <= left or found.pk is not None

    @rule()
    def settle(self) -> None:
        refunds.settle_refunds()

    @rule(order=placed, units=st.integers(0, 3))
    def send(self, order: int, units: int) -> None:
        """Everything that is left, or a few units of the first line."""
        found = Order.objects.get(pk=order)
        first = found.lines.all()[0]
        try:
            fulfilment.send(order_id=order, quantities={first.pk: units} if units else None, actor=self.staff)
        except OrderRefused:
            assert found.status != Status.PAID or found.held_at or units > first.to_send
        else:
            assert found.status == Status.PAID
            assert not found.held_at
            assert units <= first.to_send

    @rule(order=placed)
    def release(self, order: int) -> None:
        """The buyer has had many orders, or many cards declined; staff have looked."""
        held = Order.objects.get(pk=order).held_at
        try:
            review.release(order_id=order, actor=self.staff)
        except OrderRefused:
            assert not held
        else:
            assert held

    @rule(order=placed)
    def take_a_parcel_back(self, order: int) -> None:
        """The last shipment was a mistake."""
        shipment = Fulfilment.objects.filter(order=order, cancelled_at=None).last()
        if shipment is None:
            return
        away = all(part.line.returnable >= part.quantity for part in shipment.lines.select_related("line"))
        try:
            fulfilment.undo(fulfilment_id=shipment.pk, actor=self.staff)
        except OrderRefused:
            assert not away

    @rule(order=placed, restock=st.booleans())
    def take_a_unit_off(self, order: int, restock: bool) -> None:
        line = OrderLine.objects.filter(order=order).first()
        assert line is not None
        try:
            fulfilment.withdraw(order_id=order, quantities={line.pk: 1}, restock=restock, actor=self.staff)
        except OrderRefused:
            return
        if restock:
            self._restocked(line.sku, 1, order)
        else:
            self._lost(line.sku, 1, order)

    @rule(order=placed, units=st.integers(1, 2), kept=st.integers(0, 2))
    def send_back(self, order: int, units: int, kept: int) -> None:
        """A return that is announced and received; ``kept`` units go back to the shelf."""
        line = OrderLine.objects.filter(order=order).first()
        assert line is not None
        try:
            returned = returns.announce(
                order_id=order, quantities={line.pk: units}, reason=Return.Reason.values[0], actor=self.staff
            )
        except OrderRefused:
            assert units > line.returnable
            return
        (part,) = returned.lines.all()
        try:
            returns.receive(return_id=returned.pk, restock={part.pk: kept}, actor=self.staff)
        except OrderRefused:
            assert kept > units
            returns.drop(return_id=returned.pk, actor=self.staff)
        else:
            self._restocked(line.sku, kept, order)
            self._lost(line.sku, units - kept, order)

    @rule(sku=st.sampled_from(["MUG", "JUG", "LAMP"]), units=st.integers(1, 3))
    def goods_come_in(self, sku: str, units: int) -> None:
        inventory.receive(sku=sku, quantity=units)
        self.here[sku] += units

    # What is always true.

    @invariant()
    @precondition(lambda self: hasattr(self, "here"))
    def the_ledger_is_clean(self) -> None:
        assert [str(each) for each in violations(ledger())] == []

    @invariant()
    @precondition(lambda self: hasattr(self, "here"))
    def the_shelves_are_what_the_model_says(self) -> None:
        left = {item.sku: item.sellable for item in StockItem.objects.filter(sku__in=self.here)}
        assert {sku: left.get(sku, 0) for sku in self.here} == dict(self.here)

    def _payment(self, order: int) -> Payment:
        return Payment.objects.filter(order=order).latest("pk")

    def _take(self, order: int, units: Counter[str]) -> None:
        self.sold[order] = units
        self.here.subtract(units)

    def _restocked(self, sku: str, units: int, order: int) -> None:
        """Units of an order that are back on the shelf: giving up the order gives back the others only."""
        for part, each in SHELVES[sku].items():
            self.here[part] += each * units
            self.sold[order][part] -= each * units

    def _lost(self, sku: str, units: int, order: int) -> None:
        """Units of an order that are neither here nor to be given back."""
        for part, each in SHELVES[sku].items():
            self.sold[order][part] -= each * units

    def _put_back(self, order: int) -> None:
        self.here.update(self.sold.pop(order, Counter()))


def furnish() -> None:
    """Staff, three products and a bundle of two of them; nothing is in stock."""
    User.objects.create_user(STAFF, is_staff=True)
    for sku, price in (("MUG", 1_250), ("JUG", 3_999), ("LAMP", 10_001)):
        make_product(title=sku.title(), sku=sku, price=price, stock=0)
    bundle = make_product(title="Set", sku="SET", price=5_555, stock=0).variants.get()
    BundleComponent.objects.create(bundle=bundle, sku="MUG", quantity=2, position=0)
    BundleComponent.objects.create(bundle=bundle, sku="JUG", quantity=1, position=1)
    inventory.set_backorders(sku="LAMP", limit=BEYOND["LAMP"])
    # All orders are Ann's: soon they are held.
    ScreeningSettings.objects.create(site=Site.objects.get(), orders_per_day=4, failures_per_hour=3)


def ledger() -> str:
    """The ledger's statement. PostgreSQL plans it once, which takes ten times as long as to run it on so few rows."""
    if connection.vendor != "postgresql":
        return STATEMENT
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_prepared_statements WHERE name = 'ledger'")
        if not cursor.fetchone():
            cursor.execute(f"PREPARE ledger AS {STATEMENT}")
    return "EXECUTE ledger"


@pytest.mark.django_db
@pytest.mark.database
@pytest.mark.long
@pytest.mark.parametrize("part", PARTS)
def test_a_shop_s_day_leaves_the_ledger_clean(home_page: object, part: int) -> None:
    furnish()
    run_state_machine_as_test(
        Shop,
        settings=settings(
            max_examples=AT_ONCE,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            phases=PHASES,
        ),
    )
