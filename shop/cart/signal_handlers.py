"""What is in the cart goes along through a login."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from shop.accounts.addresses import default_address
from shop.cart import saved
from shop.cart.buyer import read_buyer, remember


def logged_in(request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    """One cart, and prices for where the account has things sent, unless the visitor has said where already."""
    if request is None or not hasattr(request, "session"):
        return
    saved.merge(session=request.session, user=user)
    address = default_address(user=user)
    if address and not read_buyer(request.session).country:
        remember(request.session, country=address.country, postcode=address.postcode)


def register() -> None:
    """Connect, once."""
    user_logged_in.connect(logged_in, dispatch_uid="cart.logged_in")
