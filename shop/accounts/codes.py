"""Codes of authenticator apps: each time step is good for one login.

allauth remembers used codes in the cache, which may forget. Here the last step that was used is kept with the secret,
under a lock, and no earlier or equal one is taken again.
"""

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.db import transaction

LAST_STEP = "last_step"


def step_of(secret: str, code: str) -> int | None:
    """The time step that a code belongs to; None where it is none of those that count now."""
    typed = "".join(code.split())
    steps = [step for step in yield_hotp_counters_from_time() if format_hotp_value(hotp_value(secret, step)) == typed]
    return max(steps, default=None)


@transaction.atomic
def spend(authenticator: Authenticator, code: str) -> bool:
    """Whether the code was still unused; it is used then. Of two requests at once one wins."""
    locked = Authenticator.objects.select_for_update().filter(pk=authenticator.pk).first()
    if locked is None:
        return False
    step = step_of(decrypt(locked.data["secret"]), code)
    if step is None:
        # A recovery code, which is gone once it is used, or a code whose time has passed while we waited.
        return False
    if step <= locked.data.get(LAST_STEP, -1):
        return False
    locked.data[LAST_STEP] = step
    locked.save(update_fields=["data"])
    authenticator.data = locked.data
    return True
