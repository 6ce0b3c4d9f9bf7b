"""What the checkout's form says of the buyer before it is sent for good: it decides delivery, tax and the total."""

from collections.abc import Mapping, MutableMapping
from typing import Any

from django.utils.datastructures import MultiValueDict

from cms.selectors import shop_country
from shop.addresses.countries import written_postcode
from shop.cart.buyer import Buyer, read_buyer, remember
from shop.cart.contents import Cart
from shop.checkout.forms import CheckoutForm
from shop.payments.registry import offered
from shop.shipping.selectors import options_of, served_countries
from shop.tax.numbers import parse

CODE_LENGTH = 40

Served = list[tuple[str, str]]


def take_in(session: MutableMapping[str, Any], posted: Mapping[str, Any]) -> Served:
    """Remember what was posted as far as it can be right; what is not asked stays as it was.

    Afterwards the buyer's country is one that the shop delivers to, if there is any. Gives those countries.
    """
    served = served_countries()
    buyer = read_buyer(session)
    facts: dict[str, str] = {"country": _country(buyer, str(posted.get("country", "")), served)}
    if "postcode" in posted:
        country = facts["country"] or shop_country()
        facts["postcode"] = written_postcode(country, str(posted["postcode"])) or ""
    if "delivery" in posted:
        facts["delivery"] = str(posted["delivery"])[:CODE_LENGTH]
    if "tax_number" in posted:
        number = parse(str(posted["tax_number"]), country=facts["country"] or shop_country())
        facts["tax_number"] = number.text if number else ""
    if any(getattr(buyer, name) != value for name, value in facts.items()):
        remember(session, **facts)
    return served


def form_for(
    cart: Cart,
    served: Served,
    data: MultiValueDict[str, Any] | None = None,
    initial: dict[str, Any] | None = None,
) -> CheckoutForm:
    """The form of a cart: its country's address, the ways of delivery on offer, the ways to pay."""
    return CheckoutForm(
        data,
        initial=initial,
        providers=offered(),
        cart=cart,
        country=cart.buyer.country or shop_country(),
        served=served,
        options=options_of(cart) if cart.needs_delivery else [],
    )


def _country(buyer: Buyer, posted: str, served: Served) -> str:
    """What was posted, else what was known, else nothing, which means the shop's own country."""
    codes = [code for code, _ in served]
    for wanted in (posted, buyer.country):
        if wanted in codes:
            return wanted
    return "" if not codes or shop_country() in codes else codes[0]
