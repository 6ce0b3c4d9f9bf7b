"""The kinds of delivery that come with the shop. See ``base.py`` for how to add one."""

from shop.shipping.kinds.base import registry
from shop.shipping.kinds.builtin import ByValue, ByWeight, Collect, Flat, FreeFrom

BUILTIN = (Flat, FreeFrom, ByWeight, ByValue, Collect)

__all__ = ["BUILTIN", "registry"]
