"""A visitor of a shop with promotions."""

from typing import Any

from shop.checkout.tests.factories import Buyer


def enter(buyer: Buyer, code: str) -> Any:
    return buyer.post("/offers/code/", {"coupon": code})


def page(buyer: Buyer, url: str = "/cart/") -> str:
    return " ".join(buyer.get(url).content.decode().split())
