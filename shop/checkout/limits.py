"""How many orders somebody may try to place: each attempt holds stock until it is paid or given up."""

from django.conf import settings
from django.http import HttpRequest

from cms.limits import Limit, client_address

HOUR = 3600  # seconds


def wait(request: HttpRequest) -> int:
    """Count an attempt to order; 0 where it is allowed, else the minutes to wait.

    One session may try as often as a person would who mistypes a card; one address, behind which there may be an
    office, as often as ``CHECKOUT_ATTEMPTS_PER_HOUR`` says.
    """
    session = Limit("checkout", max(settings.CHECKOUT_ATTEMPTS_PER_HOUR // 3, 1), HOUR)
    address = Limit("checkout-address", settings.CHECKOUT_ATTEMPTS_PER_HOUR, HOUR)
    allowed = [session.allows(request.session.session_key or ""), address.allows(client_address(request))]
    return 0 if all(allowed) else session.minutes_left
