"""Whatever is in the cart: what the buyer sees, what the order freezes and what is charged are the same.

``make test-long`` tries a hundred thousand carts.
"""

import uuid
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms.chrome import Chrome, get_chrome
from shop.cart.adjusters import AdjusterRegistry
from shop.cart.contents import Adjustment, Cart, CartLine, Discount
from shop.cart.limits import MAX_LINES, MAX_QUANTITY_PER_LINE
from shop.cart.terms import Delivery
from shop.checkout import ledger
from shop.checkout.freezing import draft_order
from shop.checkout.models import CheckoutAttempt
from shop.inventory import services as inventory
from shop.money import MAX_AMOUNT, added_tax, exponent, included_tax
from shop.orders import services as orders
from shop.orders.drafts import OrderDraft
from shop.orders.selectors import tax_summary
from shop.orders.tests.factories import CONTACT
from shop.payments import services as payments
from shop.payments.providers.invoice import InvoiceProvider
from shop.shipping.kinds.base import Parcel
from shop.shipping.kinds.builtin import ByValue, FreeFrom
from shop.tax import charging
from shop.tax.models import Elsewhere, TaxSettings
from shop.tax.rates import Rates
from tests.long import STORED_AT_ONCE, at_length, many_times

LARGEST_COLUMN = 2**63 - 1
CLASSES = (1, 2, 3)
PARTS, AT_ONCE = many_times(at_length(2_000, sample=40), at_once=STORED_AT_ONCE)
# No, two and three decimal places.
CURRENCIES = ("JPY", "GBP", "KWD")


@dataclass(frozen=True)
class Case:
    """A random shop and a random cart in it."""

    currency: str
    rows: tuple[tuple[int, int, int, int], ...]
    home: dict[int, int]
    there: dict[int, int]
    abroad: bool
    elsewhere: str
    inclusive: bool
    relieved: bool
    delivery: int
    free_from: int
    delivery_class: int | None


def rows() -> Any:
    """Price, quantity, discount in per cent of the line, class."""
    quantities = st.integers(1, MAX_QUANTITY_PER_LINE)
    row = st.tuples(st.integers(0, MAX_AMOUNT), quantities, st.integers(0, 100), st.sampled_from(CLASSES))
    usual = st.tuples(st.integers(0, 20_000), st.integers(1, 9), st.integers(0, 100), st.sampled_from(CLASSES))
    return st.lists(row, min_size=1, max_size=MAX_LINES) | st.lists(usual, min_size=1, max_size=8)


rates = st.dictionaries(st.sampled_from(CLASSES), st.integers(0, 10_000))
cases = st.builds(
    Case,
    currency=st.sampled_from(CURRENCIES),
    rows=rows().map(tuple),
    home=rates,
    there=rates,
    abroad=st.booleans(),
    elsewhere=st.sampled_from(Elsewhere.values),
    inclusive=st.booleans(),
    relieved=st.booleans(),
    delivery=st.integers(0, 100_000),
    free_from=st.integers(0, 10**9),
    delivery_class=st.none() | st.sampled_from(CLASSES),
)


@pytest.fixture
def price(db: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Adjusts a case's cart the way the site does it, with rates from the case instead of the database."""
    chrome: Chrome = get_chrome(None)
    state: dict[str, Case] = {}

    def case() -> Case:
        return state["case"]

    def deliver(cart: Cart) -> Cart:
        amount = FreeFrom().charge(
            {"price": case().delivery, "free_from": case().free_from}, Parcel(cart.goods_total, 0, cart.currency)
        )
        delivery = Delivery("free-from-1", "Post", "DE" if case().abroad else "GB")
        return replace(cart, delivery=delivery).with_adjustments(Adjustment("delivery", "Post", amount or 0))

    number = charging.parse("DE136695976")
    monkeypatch.setattr(charging, "shop_country", lambda: "GB")
    monkeypatch.setattr("shop.tax.notes.shop_country", lambda: "GB")
    monkeypatch.setattr(charging, "shop_chrome", lambda: replace(chrome, prices_include_tax=case().inclusive))
    monkeypatch.setattr(charging, "business_number", lambda *_: number if case().relieved and case().abroad else None)
    monkeypatch.setattr(
        charging,
        "rates_for",
        lambda **_: Rates(case().home, case().there, CLASSES[0], case().elsewhere, case().abroad),
    )
    monkeypatch.setattr(
        charging, "classes_of", lambda skus: {f"S{n}": row[3] for n, row in enumerate(case().rows) if row[3] > 1}
    )
    monkeypatch.setattr(
        TaxSettings, "current", classmethod(lambda cls: TaxSettings(delivery_class_id=case().delivery_class))
    )
    registry = AdjusterRegistry()
    registry.register("delivery", deliver, rank=50)
    registry.register("tax", charging.charge_tax, rank=90)

    def priced(given: Case) -> Cart:
        state["case"] = given
        lines = [
            CartLine(f"S{n}", "Mug", "", "", None, price, None, quantity, 99)
            for n, (price, quantity, _, _) in enumerate(given.rows)
        ]
        discounts = {f"S{n}": price * quantity * off // 100 for n, (price, quantity, off, _) in enumerate(given.rows)}
        cart = Cart(lines=tuple(lines), currency=given.currency).with_line_discounts(discounts)
        told = tuple((sku, amount) for sku, amount in discounts.items() if amount)
        if told:
            cart = cart.with_discounts(Discount("test", "Less", sum(discounts.values()), lines=told))
        return registry.adjust(cart)

    return priced


def adds_up(case: Case, cart: Cart, draft: OrderDraft) -> None:
    """Every sum that a buyer, a bookkeeper and a tax office would do."""
    assert draft.total == cart.total
    assert draft.total == sum(line.line_total for line in draft.lines) + draft.delivery.amount
    assert draft.total == draft.subtotal - draft.discount_total + draft.tax_adjustment + draft.delivery.amount
    assert draft.subtotal == cart.subtotal
    assert draft.discount_total == cart.discount_total
    assert 0 <= draft.total <= LARGEST_COLUMN
    # By rate it is all of it again.
    assert sum(part.tax for part in draft.taxes) == draft.tax_total
    assert sum(part.net + part.tax for part in draft.taxes) == draft.total
    told = sum(each.amount for each in cart.adjustments if each.code.startswith("tax") and each.code != "tax-relief")
    assert told == draft.tax_total
    for line in draft.lines:
        priced = line.unit_price * line.quantity - line.discount
        expected = included_tax(priced, line.tax_rate) if case.inclusive else added_tax(priced, line.tax_rate)
        assert line.tax == expected
        assert 0 <= line.tax <= line.line_total
        if not case.inclusive:
            assert line.line_total == priced + line.tax
        elif line.tax_adjustment:
            assert (line.tax, line.tax_rate) == (0, 0)
            assert line.line_total <= priced
    if case.relieved and case.abroad:
        assert draft.tax_total == 0
        assert draft.tax_note


@pytest.mark.long
def test_any_cart_adds_up(price: Any) -> None:
    times, examples = many_times(at_length(100_000, sample=400))

    @settings(max_examples=examples, suppress_health_check=list(HealthCheck))
    @given(case=cases)
    def holds(case: Case) -> None:
        cart = price(case)
        adds_up(case, cart, draft_order(cart=cart, contact=CONTACT, provider=InvoiceProvider()))

    for _ in times:
        holds()


@pytest.mark.long
@pytest.mark.parametrize("part", PARTS)
def test_the_database_and_the_payment_agree(price: Any, home_page: object, part: int) -> None:
    """The constraints of the order, the rules of the ledger, the amount that the provider is asked for."""
    for number in range(MAX_LINES):
        inventory.set_tracked(sku=f"S{number}", tracked=False)

    @settings(max_examples=AT_ONCE, suppress_health_check=list(HealthCheck))
    @given(case=cases)
    def holds(case: Case) -> None:
        cart = price(case)
        draft = draft_order(cart=cart, contact=CONTACT, provider=InvoiceProvider())
        with transaction.atomic():
            order = orders.create_order(draft=draft)
            key = uuid.uuid4()
            payment = payments.open_payment(order=order, provider_code="invoice", idempotency_key=key)
            CheckoutAttempt.objects.create(key=key, order=order)
            assert (payment.amount, payment.currency) == (cart.total, case.currency)
            assert exponent(order.currency) == {"JPY": 0, "GBP": 2, "KWD": 3}[case.currency]
            summary = tax_summary(order)
            assert sum(part.tax for part in summary) == order.tax_total
            assert sum(part.gross for part in summary) == order.total == cart.total
            assert [str(found) for found in ledger.violations()] == []
            transaction.set_rollback(True)

    holds()


def test_delivery_never_costs_more_for_buying_more() -> None:
    @given(flat=st.integers(0, 100_000), free=st.integers(0, 10**9), small=st.integers(0, 10**9), more=st.integers(0))
    def holds(flat: int, free: int, small: int, more: int) -> None:
        for kind, arguments in (
            (FreeFrom(), {"price": flat, "free_from": free}),
            (ByValue(), {"bands": [[free, flat], [None, 0]]}),
        ):
            charges = [kind.charge(arguments, Parcel(goods, 0, "GBP")) for goods in (small, small + more)]
            assert charges[0] is not None
            assert charges[1] is not None
            assert charges[1] <= charges[0]

    holds()
