"""The forms of the login and what surrounds it: allauth's, in the shop's words."""

from typing import Any, ClassVar

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from shop.accounts.models import User

PASSWORD_ADVICE = "At least 10 characters. Not a common password, not only digits, and not like your address."  # noqa: S105


class Worded:
    """Labels, hints and messages of a form; no placeholders, which vanish while one types."""

    fields: dict[str, forms.Field]
    labels: ClassVar[dict[str, str]] = {}
    hints: ClassVar[dict[str, str]] = {}
    missing: ClassVar[dict[str, str]] = {
        "login": "Enter your e-mail address.",
        "email": "Enter your e-mail address.",
        "password": "Enter your password.",
        "password1": "Enter a password.",
        "password2": "Enter the password once more.",
        "oldpassword": "Enter the password that you use now.",
        "code": "Enter the code.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")
            if name in self.missing:
                field.error_messages["required"] = self.missing[name]
            if isinstance(field, forms.EmailField):
                field.widget.attrs.update({"autocomplete": "username", "inputmode": "email"})
                field.error_messages["invalid"] = "Enter a whole e-mail address, such as ann@example.com."


class LoginForm(Worded, allauth_forms.LoginForm):
    labels = {"login": "E-mail address", "password": "Password", "remember": "Keep me logged in on this device"}


class SignupForm(Worded, allauth_forms.SignupForm):
    """Answers the same, and after the same work, for an address that has an account already."""

    labels = {"email": "E-mail address", "password1": "Password"}
    hints = {"email": "We send a link to it, so that nobody else can use it.", "password1": PASSWORD_ADVICE}
    account_already_exists: bool

    def validate_unique_email(self, value: str) -> str:
        email: str = super().validate_unique_email(value)
        # What is only asked for in another account keeps nobody from an account of their own.
        self.account_already_exists = self.account_already_exists and User.objects.filter(email=email).exists()
        return email

    def try_save(self, request: HttpRequest) -> Any:
        if self.account_already_exists:
            # What a new account costs most is the hash of its password.
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)


class ResetPasswordForm(Worded, allauth_forms.ResetPasswordForm):
    """An account opens by its own address, not by one that somebody has only asked to change it to."""

    labels = {"email": "E-mail address"}
    users: list[User]

    def clean_email(self) -> str:
        email: str = super().clean_email()
        self.users = [user for user in self.users if user.email.lower() == email.lower()]
        return email


class ResetPasswordKeyForm(Worded, allauth_forms.ResetPasswordKeyForm):
    labels = {"password1": "New password", "password2": "New password again"}
    hints = {"password1": PASSWORD_ADVICE}


class ChangePasswordForm(Worded, allauth_forms.ChangePasswordForm):
    labels = {"oldpassword": "Current password", "password1": "New password", "password2": "New password again"}
    hints = {"password1": PASSWORD_ADVICE}


class SetPasswordForm(Worded, allauth_forms.SetPasswordForm):
    labels = {"password1": "Password", "password2": "Password again"}
    hints = {"password1": PASSWORD_ADVICE}


class ChangeEmailForm(Worded, allauth_forms.AddEmailForm):
    labels = {"email": "New e-mail address"}
    hints = {"email": "We send a link to it. Your address changes when you follow that link."}


class ReauthenticateForm(Worded, allauth_forms.ReauthenticateForm):
    labels = {"password": "Password"}


class ConfirmAddressForm(Worded, forms.Form):
    """The password of the account that an address is confirmed for."""

    labels = {"password": "Password"}
    password = allauth_forms.PasswordField(autocomplete="current-password")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise get_adapter().validation_error("incorrect_password")
        return password
