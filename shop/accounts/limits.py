"""How often somebody may guess a password or the link that opens an account. Staff and shoppers alike."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from cms.limits import Limit, client_address

WINDOW = 300  # seconds
# For one name from one address, for one session, for one name from anywhere, and from one address for any name.
GUESSES = Limit("login", 10, WINDOW)
GUESSES_IN_SESSION = Limit("login-session", 10, WINDOW)
GUESSES_OF_NAME = Limit("login-name", 50, WINDOW)
GUESSES_FROM_ADDRESS = Limit("login-address", 100, WINDOW)
# Links from letters that were followed from one address, right ones as well.
LINKS = Limit("account-link", 10, WINDOW)


def login_wait(request: HttpRequest, name: str) -> int:
    """Count a try to log in as ``name``; 0 where it is allowed, else the minutes to wait."""
    name, address = name.strip().casefold()[:254], client_address(request)
    # One after the other: what is refused for its address does not use up the tries of the name, or one visitor could
    # lock out anybody whose address is known.
    allowed = (
        GUESSES_FROM_ADDRESS.allows(address)
        and GUESSES_IN_SESSION.allows(request.session.session_key or "")
        and GUESSES.allows(name, address)
        and GUESSES_OF_NAME.allows(name)
    )
    return 0 if allowed else GUESSES.minutes_left


def limited_link(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Refuse to look at more than 10 links from one address in 5 minutes."""

    @wraps(view)
    def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if LINKS.allows(client_address(request)):
            return view(request, *args, **kwargs)
        return too_many(request, minutes=LINKS.minutes_left)

    return limited


def too_many(request: HttpRequest, exception: Exception | None = None, *, minutes: int = WINDOW // 60) -> Any:
    """The page that asks for patience: 429, with the time to wait."""
    response = render(request, "429.html", {"minutes": minutes}, status=429)
    response["Retry-After"] = str(minutes * 60)
    response["Cache-Control"] = "no-store"
    return response
