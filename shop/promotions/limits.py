"""How often somebody may enter a coupon code: codes are short, and guessing must not pay."""

from django.http import HttpRequest

from cms.limits import Limit, client_address

FIVE_MINUTES = 300  # seconds
# A person who mistypes needs fewer tries than this; behind one address there may be an office.
SESSION_TRIES = 10
ADDRESS_TRIES = 30


def wait(request: HttpRequest) -> int:
    """Count a try; 0 where it is allowed, else the minutes to wait."""
    session = Limit("coupon", SESSION_TRIES, FIVE_MINUTES)
    address = Limit("coupon-address", ADDRESS_TRIES, FIVE_MINUTES)
    # A visitor without a session is limited by address alone: each try would come with a new one.
    allowed = [session.allows(request.session.session_key or ""), address.allows(client_address(request))]
    return 0 if all(allowed) else session.minutes_left
