"""What was liked before the login goes along."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from shop.wishlist import services


def logged_in(request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    if request is not None and hasattr(request, "session"):
        services.merge(session=request.session, user=user)


def register() -> None:
    """Connect, once."""
    user_logged_in.connect(logged_in, dispatch_uid="wishlist.logged_in")
