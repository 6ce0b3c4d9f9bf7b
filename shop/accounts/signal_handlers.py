"""What allauth tells of accounts."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.http import HttpRequest

from shop.accounts import codes


def authenticator_was_added(request: HttpRequest, authenticator: Authenticator, **kwargs: Any) -> None:
    """The code that set up an app is spent: nobody who saw it typed can log in with it."""
    if authenticator.type == Authenticator.Type.TOTP:
        codes.spend(authenticator, request.POST.get("code", ""))


def register() -> None:
    """Connect, once."""
    authenticator_added.connect(authenticator_was_added, dispatch_uid="accounts.authenticator_added")
