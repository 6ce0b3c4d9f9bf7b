"""Delivery as a line of the cart."""

from shop.cart.contents import Adjustment, Cart
from shop.shipping.models import ShippingSettings

CODE = "delivery"


def add_delivery(cart: Cart) -> Cart:
    """The cart with its delivery charge (registered as an adjuster); as it was where nothing has to be sent."""
    if not cart.needs_delivery:
        return cart
    settings = ShippingSettings.current()
    return cart.with_adjustments(Adjustment(code=CODE, label=settings.label, amount=settings.charge(cart.goods_total)))
