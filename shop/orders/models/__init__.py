"""What was bought, by whom, for how much, and what has happened to it since."""

from shop.orders.models.discount import OrderDiscount
from shop.orders.models.download import Download
from shop.orders.models.event import OrderEvent
from shop.orders.models.mail import OrderMail
from shop.orders.models.order import Order, OrderLine, OrderLineComponent, OrderTax

__all__ = [
    "Download",
    "Order",
    "OrderDiscount",
    "OrderEvent",
    "OrderLine",
    "OrderLineComponent",
    "OrderMail",
    "OrderTax",
]
