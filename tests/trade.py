"""Delivery for tests of rooms that stand beside it, and so may not know it."""

from shop.shipping.tests.factories import make_method, make_zone, only_method

__all__ = ["make_method", "make_zone", "only_method"]
