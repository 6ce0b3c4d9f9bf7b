"""How often somebody may try something: the first line against guessing and flooding."""

import time
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from math import ceil

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

# Counted in parts of its time, a limit holds over every such time and not only from one full hour to the next.
PARTS = 5


@dataclass(frozen=True, slots=True)
class Limit:
    """``tries`` within any ``seconds``, counted in the shared cache; what was refused does not count.

    A cache that loses its memory forgives; who tried is kept as a keyed hash and hardly longer than ``seconds``.
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
        now, *earlier = self._keys(who)
        cache.add(now, 0, self.seconds + self._part)
        try:
            tries = int(cache.incr(now))
        except ValueError:
            # Evicted in between: a full cache must not lock anybody out.
            return True
        if tries + sum(cache.get_many(earlier).values()) <= self.tries:
            return True
        self.forgive(*who)
        return False

    def forgive(self, *who: str) -> None:
        """Take back the try that was counted last: it was none of those that are to be limited."""
        with suppress(ValueError):  # evicted, or begun in the part before, which ends soon
            caches["default"].decr(self._keys(who)[0])

    @property
    def minutes_left(self) -> int:
        """After so long, at least 1, the first try is allowed again at the latest."""
        return max(1, ceil((self.seconds + self._part) / 60))

    @property
    def _part(self) -> int:
        return ceil(self.seconds / PARTS)

    def _keys(self, who: tuple[str, ...]) -> list[str]:
        """Where the tries of this part of the time are counted, and those of the parts before it."""
        digest = salted_hmac("cms.limits", "\0".join(who)).hexdigest()[:32]
        part = int(time.time() // self._part)
        return [f"limit:{self.name}:{part - back}:{digest}" for back in range(PARTS + 1)]


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
