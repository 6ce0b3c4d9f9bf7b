"""Whatever is in the cart and whatever is offered: not one minor unit is lost or made.

``make test-long`` tries 100,000 carts instead of some hundreds.
"""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop.cart.contents import DELIVERY, Adjustment, Cart, CartLine
from shop.orders.drafts import DeliveryDraft, DiscountDraft, LineDraft, OrderDraft
from shop.orders.tests.factories import CONTACT
from shop.promotions import adjusters
from shop.promotions.kinds import registry
from shop.promotions.models import Promotion
from shop.promotions.offers import Known, Offer, judge
from shop.promotions.selectors import Found
from tests.long import at_length, many_times

pytestmark = pytest.mark.long

TIMES, EXAMPLES = many_times(at_length(100_000, sample=400))
MOST = 10**9
KNOWN = Known(now=datetime(2026, 12, 1, tzinfo=UTC), products={}, categories={})

# Two decimals, none, three.
currencies = st.sampled_from(["GBP", "JPY", "KWD"])
lines = st.lists(st.tuples(st.integers(0, MOST), st.integers(1, 99)), min_size=1, max_size=8)
percents = st.integers(1, 10_000)
amounts = st.integers(1, MOST)
maybe_amount = st.none() | amounts
few = st.integers(1, 6)
arguments = st.one_of(
    st.tuples(st.just("percent"), st.fixed_dictionaries({"percent": percents}, optional={"most": amounts})),
    st.tuples(st.just("amount"), st.fixed_dictionaries({"amount": amounts})),
    st.tuples(st.just("fixed_price"), st.fixed_dictionaries({"price": st.integers(0, MOST)})),
    st.tuples(
        st.just("buy_get"),
        st.fixed_dictionaries({"buy": few, "get": few, "percent": percents}, optional={"times": few}),
    ),
    st.tuples(
        st.just("bundle_price"),
        st.fixed_dictionaries({"units": st.integers(2, 6), "price": st.integers(0, MOST)}, optional={"times": few}),
    ),
    st.tuples(st.just("free_delivery"), st.fixed_dictionaries({}, optional={"most": amounts})),
)
terms = st.tuples(arguments, st.booleans(), st.integers(-2, 2), maybe_amount, st.sets(st.integers(0, 7)))
offers = st.lists(terms, min_size=1, max_size=5)


def make_offer(number: int, term: Any, currency: str, cart: Cart) -> Offer:
    """An offer as the database would bring it, judged: for some of the products, alone or not."""
    (kind, found), exclusive, priority, spend, skus = term
    promotion = Promotion(
        pk=number,
        title=f"Offer {number}",
        kind=kind,
        arguments=found,
        currency=currency,
        exclusive=exclusive,
        priority=priority,
        minimum_spend=spend,
        applies_to=[("skus", ",".join(f"S{sku}" for sku in skus))] if skus else [],
    )
    return judge(Offer(promotion, registry.get(kind)), cart, KNOWN)


def priced(rows: list[tuple[int, int]], currency: str) -> Cart:
    found = tuple(
        CartLine(f"S{number}", "Mug", "", "", None, price, None, quantity, 99)
        for number, (price, quantity) in enumerate(rows)
    )
    return Cart(lines=found, currency=currency)


def discounted(cart: Cart, terms: list[Any], charge: int, patch: pytest.MonkeyPatch) -> Cart:
    """The cart as the adjusters make it, one after the other."""
    made = [make_offer(number, term, cart.currency, cart) for number, term in enumerate(terms, start=1)]
    made.sort(key=lambda offer: (-offer.promotion.priority, offer.promotion.pk))
    patch.setattr(adjusters, "find_offers", lambda cart: Found(tuple(made), ()))
    cart = adjusters.discount_goods(cart).with_adjustments(Adjustment(DELIVERY, "Post", charge))
    return adjusters.discount_delivery(cart)


def order_of(cart: Cart) -> OrderDraft:
    """The order that freezes the cart. Tax is inside the prices and changes no total."""
    delivery = cart.adjustment(DELIVERY)
    assert delivery
    return OrderDraft(
        contact=CONTACT,
        currency=cart.currency,
        lines=tuple(
            LineDraft(line.sku, line.title, "", line.unit_price or 0, line.quantity, 0, 0, line.discount)
            for line in cart.lines
        ),
        delivery=DeliveryDraft(delivery.label, delivery.amount, 0, 0),
        tax_label="VAT",
        payment_method="dummy",
        payment_label="Card",
        discounts=tuple(
            DiscountDraft(each.code, each.label, each.lines, each.delivery, each.coupon) for each in cart.discounts
        ),
    )


def test_no_minor_unit_is_lost_or_made(monkeypatch: pytest.MonkeyPatch) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(rows=lines, currency=currencies, terms=offers, charge=st.integers(0, MOST))
    def holds(rows: list[tuple[int, int]], currency: str, terms: list[Any], charge: int) -> None:
        before = priced(rows, currency)
        cart = discounted(before, terms, charge, monkeypatch)
        full = sum(price * quantity for price, quantity in rows)
        delivery = cart.adjustment(DELIVERY)
        assert delivery
        # Nothing costs less than nothing, nothing costs more than before.
        assert all(0 <= line.discount <= (line.line_total or 0) for line in cart.lines)
        assert 0 <= delivery.amount <= charge
        assert delivery.amount + delivery.discount == charge
        # What the offers say they took is what is gone, line by line.
        told: dict[str, int] = {}
        for discount in cart.discounts:
            assert discount.amount == sum(amount for _, amount in discount.lines) + discount.delivery > 0
            for sku, amount in discount.lines:
                told[sku] = told.get(sku, 0) + amount
        assert told == {line.sku: line.discount for line in cart.lines if line.discount}
        assert sum(each.delivery for each in cart.discounts) == delivery.discount
        assert cart.total == full + charge - sum(each.amount for each in cart.discounts)
        # The order costs what the cart costs, and that is what the payment is opened with.
        draft = order_of(cart)
        assert draft.total == cart.total
        assert draft.subtotal - draft.discount_total + draft.delivery.amount == draft.total
        assert sum(each.amount for each in draft.discounts) == draft.discount_total + delivery.discount
        # The same cart again is the same, to the fingerprint.
        assert discounted(before, terms, charge, monkeypatch).fingerprint == cart.fingerprint

    for _ in TIMES:
        holds()


def test_the_buyer_gets_the_best_of_what_does_not_go_together(monkeypatch: pytest.MonkeyPatch) -> None:
    @settings(max_examples=EXAMPLES // 4, deadline=None, suppress_health_check=list(HealthCheck))
    @given(rows=lines, currency=currencies, terms=offers)
    def holds(rows: list[tuple[int, int]], currency: str, terms: list[Any]) -> None:
        before = priced(rows, currency)
        cart = discounted(before, terms, 0, monkeypatch)
        for term in terms:
            if term[1]:
                alone = discounted(before, [term], 0, monkeypatch)
                assert alone.discount_total <= cart.discount_total

    for _ in TIMES:
        holds()
