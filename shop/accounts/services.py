"""Writing accounts."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from django.db import transaction

from cms.rotation import is_old
from shop.accounts.models import User

# Where allauth keeps what opens an account: an app's key, and what recovery codes follow from.
SECRETS = ("secret", "seed")


@transaction.atomic
def vouch_for_address(*, user: User) -> None:
    """Take a user's address as confirmed, because a member of staff or the operator has entered it."""
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    # Whoever typed this address into another account has not shown that it is theirs.
    EmailAddress.objects.filter(email=user.email).exclude(user=user).delete()
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


def rotate_second_steps() -> int:
    """Encrypt the secrets of second steps with the current key; gives how many were not yet."""
    changed = 0
    for pk in Authenticator.objects.order_by("pk").values_list("pk", flat=True).iterator():
        with transaction.atomic():
            step = Authenticator.objects.select_for_update().filter(pk=pk).first()
            names = [name for name in SECRETS if step and is_old(step.data.get(name))]
            if step and names:
                step.data |= {name: encrypt(decrypt(step.data[name])) for name in names}
                step.save(update_fields=["data"])
                changed += 1
    return changed
