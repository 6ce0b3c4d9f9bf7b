"""How often somebody may try something: the first line against guessing and flooding."""

import time
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


@dataclass(frozen=True, slots=True)
class Limit:
    """``tries`` within ``seconds``, counted in fixed windows in the shared cache.

    A cache that loses its memory forgives; who tried is kept as a keyed hash and for no longer than the window.
    """

    name: str
    tries: int
    seconds: int

    def allows(self, *who: str) -> bool:
        """Count a try and say whether it is within the limit. ``who``: an address, a session, a name that was typed.

        Nobody in particular is never refused: everybody would be.
        """
        if not any(who):
            return True
        cache = caches["default"]
        digest = salted_hmac("cms.limits", "\0".join(who)).hexdigest()[:32]
        key = f"limit:{self.name}:{int(time.time() // self.seconds)}:{digest}"
        cache.add(key, 0, self.seconds)
        try:
            return int(cache.incr(key)) <= self.tries
        except ValueError:
            # Evicted in between: a full cache must not lock anybody out.
            return True

    @property
    def minutes_left(self) -> int:
        """Until the window ends, at least 1."""
        return max(1, round((self.seconds - time.time() % self.seconds) / 60))


def origin(request: HttpRequest) -> str:
    """A keyed hash of where a request comes from, to count by and not to read; empty where that is not known."""
    address = client_address(request)
    return salted_hmac("cms.limits.origin", address).hexdigest()[:32] if address else ""


def client_address(request: HttpRequest) -> str:
    """Where a request comes from: of IPv6 the network, for one customer has all of it. Empty where it is not known.

    The proxy's word counts only where ``TRUST_PROXY`` says that it always writes the header itself.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUST_PROXY:
        # The last entry is the one that our own proxy wrote; those before it are whatever the client claimed.
        # Without the header all visitors would share the proxy's address, and its limits.
        address = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or ":".join(parsed.exploded.split(":")[:4]))
    return str(parsed)
