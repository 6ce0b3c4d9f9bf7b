"""What is in the cart goes along through a login."""

from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from shop.accounts.addresses import default_address
from shop.cart import saved
from shop.cart.buyer import read_buyer, remember


def logged_in(request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    """One cart, and prices for where the account has things sent, unless the visitor has said where already."""
    if request is None or not hasattr(request, "session"):
        return
    # What the browser has sent: by now the session has another key.
    saved.merge(session=request.session, user=user, source=request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""))
    address = default_address(user=user)
    if address and not read_buyer(request.session).country:
        remember(request.session, country=address.country, postcode=address.postcode)


def register() -> None:
    """Connect, once."""
    user_logged_in.connect(logged_in, dispatch_uid="cart.logged_in")
