"""The ways of delivery as the buyer pays for them."""

from collections.abc import Sequence
from dataclasses import replace

from cms.selectors import shop_chrome, shop_country
from shop.cart.contents import DELIVERY, Adjustment, Cart
from shop.cart.terms import Delivery
from shop.shipping.selectors import Option
from shop.tax.charging import charge_tax


def as_paid(options: Sequence[Option], cart: Cart) -> list[Option]:
    """The same, less the tax that is taken out where goods go abroad without it; three queries each, at home none."""
    country = cart.buyer.country or shop_country()
    if country == shop_country() or not shop_chrome().prices_include_tax:
        return list(options)
    return [_as_paid(option, cart, country) for option in options]


def _as_paid(option: Option, cart: Cart, country: str) -> Option:
    way = Delivery(option.code, option.label, shop_country() if option.is_collected else country, place=option.place)
    chosen = replace(cart, delivery=way).with_adjustments(Adjustment(DELIVERY, option.label, option.amount))
    charged = charge_tax(chosen).adjustment(DELIVERY)
    return replace(option, amount=charged.amount) if charged else option
