"""What was bought, by whom, for how much, and what has happened to it since."""

from shop.orders.models.discount import OrderDiscount
from shop.orders.models.document import Document, DocumentKind, DocumentSeries, DocumentSettings
from shop.orders.models.download import Download
from shop.orders.models.event import OrderEvent
from shop.orders.models.fulfilment import Carrier, Fulfilment, FulfilmentLine
from shop.orders.models.mail import OrderMail
from shop.orders.models.order import Order, OrderLine, OrderLineComponent, OrderTax
from shop.orders.models.returns import Return, ReturnLine

__all__ = [
    "Carrier",
    "Document",
    "DocumentKind",
    "DocumentSeries",
    "DocumentSettings",
    "Download",
    "Fulfilment",
    "FulfilmentLine",
    "Order",
    "OrderDiscount",
    "OrderEvent",
    "OrderLine",
    "OrderLineComponent",
    "OrderMail",
    "OrderTax",
    "Return",
    "ReturnLine",
]
