"""Whatever is in the cart: what the buyer sees, what the order freezes and what is charged are the same."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.cart.adjusters import AdjusterRegistry
from shop.cart.contents import Adjustment, Cart, CartLine
from shop.cart.limits import MAX_LINES, MAX_QUANTITY_PER_LINE
from shop.checkout.services import draft_order
from shop.money import MAX_AMOUNT, included_tax
from shop.orders.tests.factories import CONTACT
from shop.payments.providers.invoice import InvoiceProvider
from shop.shipping.models import ShippingSettings
from shop.tax import included
from shop.tax.models import TaxSettings

LARGEST_COLUMN = 2**63 - 1

lines = st.lists(
    st.tuples(st.integers(0, MAX_AMOUNT), st.integers(1, MAX_QUANTITY_PER_LINE)), min_size=1, max_size=MAX_LINES
)
rates = st.integers(0, 10_000)
charges = st.integers(0, 100_000)
thresholds = st.none() | st.integers(0, 10**9)


def make_cart(priced: list[tuple[int, int]], shipping: ShippingSettings) -> Cart:
    """A cart adjusted the way the site does it, without the database."""
    registry = AdjusterRegistry()
    registry.register(
        "delivery",
        lambda cart: cart.with_adjustments(Adjustment("delivery", "Post", shipping.charge(cart.goods_total))),
        rank=50,
    )
    registry.register("tax", included.tell_tax, rank=90)
    rows = tuple(
        CartLine(f"S{number}", "Mug", "", "", None, price, None, quantity, 99)
        for number, (price, quantity) in enumerate(priced)
    )
    return registry.adjust(Cart(lines=rows, currency="GBP"))


@pytest.fixture
def tax(monkeypatch: pytest.MonkeyPatch) -> TaxSettings:
    row = TaxSettings()
    monkeypatch.setattr(TaxSettings, "current", classmethod(lambda cls: row))
    return row


def test_any_cart_adds_up(tax: TaxSettings) -> None:
    @settings(max_examples=300)
    @given(priced=lines, rate=rates, flat=charges, free_from=thresholds)
    def holds(priced: list[tuple[int, int]], rate: int, flat: int, free_from: int | None) -> None:
        tax.rate = rate
        cart = make_cart(priced, ShippingSettings(flat_rate=flat, free_from=free_from))
        draft = draft_order(cart=cart, contact=CONTACT, provider=InvoiceProvider())
        # Seen, frozen, charged.
        assert draft.total == cart.total
        assert draft.total == sum(line.line_total for line in draft.lines) + draft.delivery.amount
        assert draft.subtotal == sum(price * quantity for price, quantity in priced) == cart.subtotal
        # Tax: what was told is the sum of what each line froze; each rounded once, half-up, at most half a unit off.
        told = cart.adjustment("tax")
        assert draft.tax_total == (told.amount if told else 0)
        for line in draft.lines:
            exact = Decimal(line.line_total) * rate / (10_000 + rate)
            assert line.tax == exact.quantize(Decimal(1), ROUND_HALF_UP)
            assert 0 <= line.tax <= line.line_total
        assert draft.delivery.tax == included_tax(draft.delivery.amount, rate)
        assert 0 <= draft.total <= LARGEST_COLUMN

    holds()


def test_delivery_never_costs_more_for_buying_more(tax: TaxSettings) -> None:
    @given(flat=charges, free_from=thresholds, small=st.integers(0, 10**9), more=st.integers(0, 10**9))
    def holds(flat: int, free_from: int | None, small: int, more: int) -> None:
        row = ShippingSettings(flat_rate=flat, free_from=free_from)
        assert row.charge(small + more) <= row.charge(small)

    holds()
