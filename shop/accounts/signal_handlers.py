"""What allauth tells of accounts."""

from typing import Any

from allauth.account.signals import email_confirmed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from shop.accounts import claims, codes, sessions
from shop.accounts.models import User

# Recovery codes come with the first of these.
SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def authenticator_was_added(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """Whoever is logged in elsewhere, with the password alone, has to show the second step.

    The code that set up an app is spent: nobody who saw it typed can log in with it.
    """
    if authenticator.type == Authenticator.Type.TOTP:
        codes.spend(authenticator, request.POST.get("code", ""))
    if authenticator.type in SECOND_STEPS:
        sessions.end_others(request=request, user=user)


def address_was_confirmed(email_address: Any, **kwargs: Any) -> None:
    """What its owner did as a guest is the account's now."""
    claims.registry.claim(email_address.user)


def somebody_logged_in(user: Any, **kwargs: Any) -> None:
    """So is what they have done since, without logging in."""
    if isinstance(user, User):
        claims.registry.claim(user)


def register() -> None:
    """Connect, once."""
    email_confirmed.connect(address_was_confirmed, dispatch_uid="accounts.email_confirmed")
    user_logged_in.connect(somebody_logged_in, dispatch_uid="accounts.logged_in")
    authenticator_added.connect(authenticator_was_added, dispatch_uid="accounts.authenticator_added")
