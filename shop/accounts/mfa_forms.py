"""The forms of the second step at the login: codes from an app, recovery codes, passkeys."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.base import forms as base_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from cryptography.exceptions import InvalidSignature
from django import forms
from django.core.exceptions import ValidationError

from shop.accounts import codes
from shop.accounts.forms import Worded

CODE_LABELS = {"code": "Code"}
NO_PASSKEY = "That passkey did not work. Please try again."
CREDENTIAL_MOST = 50_000  # characters
USED = "This code has been used. Wait for the next one in your app, and enter that."


class OneUse:
    """A code from an app opens the account once, for good: not only while a cache remembers it."""

    cleaned_data: dict[str, Any]
    authenticator: Authenticator

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP and not codes.spend(self.authenticator, code):
            raise ValidationError(USED, code="used")
        return code


class AuthenticateForm(OneUse, Worded, base_forms.AuthenticateForm):
    labels = CODE_LABELS


class ReauthenticateCodeForm(OneUse, Worded, base_forms.ReauthenticateForm):
    labels = CODE_LABELS


class ActivateTOTPForm(Worded, totp_forms.ActivateTOTPForm):
    labels = {"code": "Code from your app"}


class CredentialField(forms.JSONField):
    """What a browser says of a passkey: an object of a reasonable size, whatever a stranger posts instead."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) > CREDENTIAL_MOST:
            raise ValidationError(NO_PASSKEY, code="invalid")
        try:
            found = super().to_python(value)
        except (ValueError, RecursionError) as error:
            raise ValidationError(NO_PASSKEY, code="invalid") from error
        if found is not None and not isinstance(found, dict):
            raise ValidationError(NO_PASSKEY, code="invalid")
        return found


@contextmanager
def refusing_nonsense() -> Iterator[None]:
    """The library behind passkeys fails in many ways at what is none: all are one refusal."""
    try:
        yield
    except (InvalidSignature, LookupError, TypeError, ValueError, AttributeError, OverflowError, struct.error) as error:
        raise ValidationError(NO_PASSKEY, code="invalid") from error


class PasskeyForm(Worded):
    """Looks at a passkey that somebody logs in with."""

    def clean_credential(self) -> Any:
        with refusing_nonsense():
            return super().clean_credential()  # type: ignore[misc]


class AuthenticatePasskeyForm(PasskeyForm, webauthn_forms.AuthenticateWebAuthnForm):
    credential = CredentialField()


class ReauthenticatePasskeyForm(PasskeyForm, webauthn_forms.ReauthenticateWebAuthnForm):
    credential = CredentialField()


class LoginPasskeyForm(PasskeyForm, webauthn_forms.LoginWebAuthnForm):
    credential = CredentialField()


class AddPasskeyForm(Worded, webauthn_forms.AddWebAuthnForm):
    name = forms.CharField(required=False, max_length=60)
    credential = CredentialField()

    labels = {"name": "Name of the passkey", "passwordless": "Log in with it instead of my password"}
    hints = {
        "name": "For you, to tell your passkeys apart: “Phone”, “Key at work”.",
        "passwordless": "Your device then asks for your fingerprint, face or PIN.",
    }

    def clean(self) -> Any:
        with refusing_nonsense():
            return super().clean()
