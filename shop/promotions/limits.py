"""How often somebody may enter a wrong coupon code: codes are short, and guessing must not pay."""

from django.http import HttpRequest

from cms.limits import Limit, client_address

FIVE_MINUTES = 300  # seconds
# Only wrong codes count: behind one address there may be an office in which everybody has the same letter.
WRONG_MOST = 10
_IN_SESSION = Limit("coupon", WRONG_MOST, FIVE_MINUTES)
_FROM_ADDRESS = Limit("coupon-address", WRONG_MOST, FIVE_MINUTES)


def wait(request: HttpRequest) -> int:
    """Count a try; 0 where it is allowed, else the minutes to wait. It is counted before anybody looks at the code."""
    # A visitor without a session is limited by address alone: each try would come with a new one.
    allowed = _IN_SESSION.allows(_session(request)) and _FROM_ADDRESS.allows(client_address(request))
    return 0 if allowed else _IN_SESSION.minutes_left


def forgive(request: HttpRequest) -> None:
    """The code was right: the try does not count."""
    _IN_SESSION.forgive(_session(request))
    _FROM_ADDRESS.forgive(client_address(request))


def _session(request: HttpRequest) -> str:
    return request.session.session_key or ""
