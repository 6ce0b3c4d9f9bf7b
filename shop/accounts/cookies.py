"""Cookies that scripts on pages which are the same for everyone can read: that somebody is logged in, never who.

The rooms above have such cookies too (how much is in the cart, on the list). What they count changes with a login, so
they register here; registering twice is refused.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

LOGGED_IN = "logged_in"

Teller = Callable[[HttpRequest, HttpResponseBase], None]


class AlreadyRegistered(RuntimeError):
    """Two tellers have the same code."""


class CookieRegistry:
    """Who sets cookies on the answer to a login or logout."""

    def __init__(self) -> None:
        self._tellers: dict[str, Teller] = {}

    def register(self, code: str, teller: Teller) -> None:
        """Add a teller. Raises AlreadyRegistered for a code that is taken."""
        if code in self._tellers:
            raise AlreadyRegistered(f"A teller {code!r} is registered already.")
        self._tellers[code] = teller

    def tell(self, request: HttpRequest, response: HttpResponseBase) -> None:
        """Let each set its cookie as it is for who is logged in now."""
        for teller in self._tellers.values():
            teller(request, response)


registry = CookieRegistry()


def show_login(request: HttpRequest, response: HttpResponseBase, *, changed: bool) -> None:
    """Tell the browser whether somebody is logged in; with ``changed`` everything else that depends on it."""
    if request.user.is_authenticated:
        response.set_cookie(
            LOGGED_IN,
            "1",
            # As long as the session: None until the browser closes.
            max_age=None if request.session.get_expire_at_browser_close() else settings.SESSION_COOKIE_AGE,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    elif LOGGED_IN in request.COOKIES:
        response.delete_cookie(LOGGED_IN, samesite="Lax")
    if changed:
        registry.tell(request, response)
