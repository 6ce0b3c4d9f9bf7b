"""The forms of the second step at the login: codes from an app, recovery codes, passkeys."""

from typing import Any

from allauth.mfa.base import forms as base_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django.core.exceptions import ValidationError

from shop.accounts import codes
from shop.accounts.forms import Worded

CODE_LABELS = {"code": "Code"}
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


class AddPasskeyForm(Worded, webauthn_forms.AddWebAuthnForm):
    labels = {"name": "Name of the passkey", "passwordless": "Log in with it instead of my password"}
    hints = {
        "name": "For you, to tell your passkeys apart: “Phone”, “Key at work”.",
        "passwordless": "Your device then asks for your fingerprint, face or PIN.",
    }
