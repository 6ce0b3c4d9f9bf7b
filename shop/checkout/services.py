"""From a cart to an order that is paid, waits for its money, or was refused.

The order of things: (1) one transaction stores the attempt, checks the cart against what the buyer saw, reserves the
stock and stores order and payment; (2) the provider is asked, outside any transaction; (3) its answer is recorded with
what it means for order and stock. A crash after (1) leaves an order that ``expire_payments`` settles.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from shop.accounts.models import User
from shop.cart.buyer import Buyer
from shop.cart.contents import Cart
from shop.cart.selectors import build_cart
from shop.checkout import selectors
from shop.checkout.freezing import draft_order
from shop.checkout.models import CheckoutAttempt
from shop.checkout.selectors import Placement
from shop.inventory.services import OutOfStock
from shop.orders import services as orders
from shop.orders.drafts import Contact, OrderDraft
from shop.orders.participants import PlacementRefused
from shop.payments import failpoints
from shop.payments import services as payments
from shop.payments.providers.base import PaymentProvider


class CartNotSellable(Exception):
    """Something in the cart cannot be bought as it stands; ``cart`` says what. Nothing was stored."""

    def __init__(self, cart: Cart) -> None:
        self.cart = cart
        super().__init__("The cart cannot be bought as it stands.")


class CartChanged(Exception):
    """What is to be paid is no longer what the buyer saw; ``cart`` is the new one. Nothing was stored."""

    def __init__(self, cart: Cart) -> None:
        self.cart = cart
        super().__init__("The cart is not the one that the buyer saw.")


def place_order(
    *,
    key: uuid.UUID,
    items: Mapping[str, int],
    buyer: Buyer,
    seen: str,
    contact: Contact,
    provider: PaymentProvider,
    provider_data: Mapping[str, Any],
    customer: User | None = None,
) -> Placement:
    """Order what is in the cart and start to be paid for it; with a ``key`` that came before, the same order again.

    ``seen`` is the fingerprint of the cart that the buyer agreed to. Raises CartNotSellable or CartChanged before
    anything is stored, ProviderUnavailable after: the same call may then be repeated.
    """
    placement = _store(
        key=key, items=items, buyer=buyer, seen=seen, contact=contact, provider=provider, customer=customer
    )
    failpoints.hit("place:committed")
    return resume(placement=placement, provider_data=provider_data)


def resume(*, placement: Placement, provider_data: Mapping[str, Any]) -> Placement:
    """Go on with an order whose payment the provider may not have heard of yet. Raises ProviderUnavailable."""
    payment = payments.start_payment(payment_id=placement.payment.pk, data=provider_data)
    return Placement(order=payment.order, payment=payment)


def abandon(*, key: uuid.UUID) -> Placement | None:
    """Give up an unfinished payment because the buyer starts again; gives the order as it is then.

    It may have been paid meanwhile: the caller must look. Raises ProviderUnavailable.
    """
    placement = selectors.placement_for(key=key)
    if placement is None:
        return None
    payment = payments.give_up(payment_id=placement.payment.pk, note="The buyer started again.")
    return Placement(order=payment.order, payment=payment)


def agreed_in(draft: OrderDraft) -> dict[str, Any]:
    """What the buyer agrees to with the button, in minor units."""
    return {
        "currency": draft.currency,
        "lines": [[line.sku, line.quantity, line.unit_price, line.discount] for line in draft.lines],
        "discount": draft.discount_total,
        "delivery": draft.delivery.amount,
        "tax": draft.tax_total,
        "total": draft.total,
    }


def _store(
    *,
    key: uuid.UUID,
    items: Mapping[str, int],
    buyer: Buyer,
    seen: str,
    contact: Contact,
    provider: PaymentProvider,
    customer: User | None,
) -> Placement:
    try:
        with transaction.atomic():
            # First: a double click waits here until the first one is through, and then finds its order.
            attempt, created = CheckoutAttempt.objects.get_or_create(key=key)
            if created:
                return _place(
                    attempt,
                    items=items,
                    buyer=buyer,
                    seen=seen,
                    contact=contact,
                    provider=provider,
                    customer=customer,
                )
    except OutOfStock as error:
        # Somebody was faster, between our look at the cart and the reservation.
        raise CartNotSellable(build_cart(items=items, buyer=buyer)) from error
    except PlacementRefused as error:
        # The same with a promotion: what is left to use has changed since our look.
        raise CartChanged(build_cart(items=items, buyer=buyer)) from error
    placement = selectors.placement_for(key=key)
    if placement is None:
        raise RuntimeError(f"Checkout attempt {key} has no order.")
    return placement


def _place(
    attempt: CheckoutAttempt,
    *,
    items: Mapping[str, int],
    buyer: Buyer,
    seen: str,
    contact: Contact,
    provider: PaymentProvider,
    customer: User | None,
) -> Placement:
    cart = build_cart(items=items, buyer=buyer)
    if not cart.can_check_out:
        raise CartNotSellable(cart)
    if cart.fingerprint != seen or cart.is_undeliverable or _chosen_otherwise(cart):
        raise CartChanged(cart)
    draft = draft_order(cart=cart, contact=contact, provider=provider)
    if draft.total != cart.total:
        raise RuntimeError(f"The order would cost {draft.total}, the cart {cart.total}.")
    order = orders.create_order(draft=draft, customer=customer)
    payment = payments.open_payment(order=order, provider_code=provider.code, idempotency_key=attempt.key)
    attempt.order, attempt.fingerprint, attempt.agreed = order, cart.fingerprint, agreed_in(draft)
    attempt.save(update_fields=["order", "fingerprint", "agreed"])
    failpoints.hit("place:before-commit")
    return Placement(order=order, payment=payment)


def _chosen_otherwise(cart: Cart) -> bool:
    """Whether the way of delivery that the buyer chose is no longer there."""
    return bool(cart.delivery and cart.buyer.delivery and cart.delivery.code != cart.buyer.delivery)
