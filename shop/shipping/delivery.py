"""Delivery as a line of the cart."""

from shop.cart.contents import Adjustment, Cart
from shop.shipping.models import ShippingSettings

CODE = "delivery"


def add_delivery(cart: Cart) -> list[Adjustment]:
    """The delivery charge of a cart (registered as its adjuster); nothing where nothing has to be sent."""
    if not cart.needs_delivery:
        return []
    settings = ShippingSettings.current()
    return [Adjustment(code=CODE, label=settings.label, amount=settings.charge(cart.subtotal))]
