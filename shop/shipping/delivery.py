"""Delivery as a line of the cart."""

from dataclasses import replace

from cms.selectors import shop_country
from shop.cart.contents import DELIVERY as CODE
from shop.cart.contents import Adjustment, Cart
from shop.cart.terms import Delivery
from shop.shipping.selectors import Option, options_of


def add_delivery(cart: Cart) -> Cart:
    """The cart with its delivery (registered as an adjuster); as it was where nothing has to be sent, or can be."""
    if not cart.needs_delivery:
        return cart
    options = options_of(cart)
    if not options:
        return cart
    sent = [option for option in options if not option.is_collected]
    asked = next((option for option in options if option.code == cart.buyer.delivery), None)
    # What nobody has chosen yet is the cheapest that comes to the door.
    chosen = asked or min(sent or options, key=lambda option: option.amount)
    label = chosen.label if asked or len(sent) < 2 else "Delivery from"
    delivery = _delivery(chosen, cart)
    return replace(cart, delivery=delivery).with_adjustments(Adjustment(CODE, label, chosen.amount))


def _delivery(option: Option, cart: Cart) -> Delivery:
    home = shop_country()
    return Delivery(
        code=option.code,
        label=option.label,
        country=home if option.is_collected else cart.buyer.country or home,
        estimate=option.estimate,
        place=option.place,
        until_free=option.until_free,
    )
