"""Where the shop delivers, and how."""

from shop.shipping.models.closed_day import ClosedDay
from shop.shipping.models.method import DeliveryMethod
from shop.shipping.models.zone import ShippingZone

__all__ = ["ClosedDay", "DeliveryMethod", "ShippingZone"]
