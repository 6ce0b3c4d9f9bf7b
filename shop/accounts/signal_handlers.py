"""What allauth tells of accounts."""

from typing import Any

from allauth.account.signals import email_confirmed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from shop.accounts import claims, codes
from shop.accounts.models import User


def authenticator_was_added(request: HttpRequest, authenticator: Authenticator, **kwargs: Any) -> None:
    """The code that set up an app is spent: nobody who saw it typed can log in with it."""
    if authenticator.type == Authenticator.Type.TOTP:
        codes.spend(authenticator, request.POST.get("code", ""))


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
