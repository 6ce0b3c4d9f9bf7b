"""What this shop does differently from django-allauth: letters, messages, and whose address a request comes from."""

import logging
import smtplib
from functools import partial
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.utils import build_absolute_uri
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from cms.chrome import get_chrome
from cms.encryption import PREFIX, key_ring
from cms.limits import client_address
from cms.sites import default_site

logger = logging.getLogger(__name__)

# What a letter's button leads to, and what stands on it.
ACTIONS = {
    "activate_url": "Confirm your address",
    "login_url": "Log in",
    "password_reset_url": "Choose a new password",
    "signup_url": "Create an account",
}
# What the secrets of second steps are bound to when they are encrypted.
SECRETS_PLACE = "mfa_authenticator.data"
WRONG_LOGIN = "The e-mail address or the password is not right. Please try again."
WAIT = "Too many attempts. Please try again in a few minutes."


class AccountAdapter(DefaultAccountAdapter):
    """Letters in the shop's look, sent after the transaction; words in plain English."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "This account is closed. Write to us if you think that is a mistake.",
        "duplicate_email": "This is your address already.",
        "email_password_mismatch": WRONG_LOGIN,
        "enter_current_password": "This is not your current password.",
        "incorrect_code": "This code is not right. Codes change every 30 seconds: enter the one that shows now.",
        "incorrect_password": "This is not your password. Please try again.",
        "invalid_password_reset": "This link does not work any more.",
        "too_many_login_attempts": WAIT,
        "rate_limited": WAIT,
        "same_as_current": "This is your address already.",
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address, or network, that limits count by; never empty, so that nobody is turned away for having none."""
        return client_address(request) or "unknown"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """The views count guesses (limits.py): by name *and* address, so that nobody can lock out somebody else."""

    def send_account_already_exists_mail(self, email: str) -> None:
        """To somebody who wanted an account and has one: the login, which leads to a new password as well."""
        login_url = build_absolute_uri(context.request, reverse("account_login"))
        self.send_mail("account/email/account_already_exists", email, {"login_url": login_url})

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the letter now and send it when what it tells of is stored."""
        message = compose(template_prefix, email, context)
        transaction.on_commit(partial(deliver, message))


class MfaAdapter(DefaultMFAAdapter):
    """The second step under the shop's name."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "unverified_email": "Confirm your e-mail address first; then you can add a second step.",
    }

    def encrypt(self, text: str) -> str:
        """Secrets of apps and recovery codes do not lie open in the database."""
        return key_ring().encrypt(text, SECRETS_PLACE)

    def decrypt(self, encrypted_text: str) -> str:
        if not encrypted_text.startswith(PREFIX):
            return encrypted_text
        return key_ring().decrypt(encrypted_text, SECRETS_PLACE)

    def get_totp_issuer(self) -> str:
        return get_chrome(default_site()).name

    def _get_site_name(self) -> str:
        return get_chrome(default_site()).name


def compose(template_prefix: str, email: str, context: dict[str, Any]) -> EmailMultiAlternatives:
    """A letter as HTML and as text, of one template with its paragraphs."""
    action = next(((context[name], label) for name, label in ACTIONS.items() if context.get(name)), ("", ""))
    shop = get_chrome(default_site())
    words = {**context, "email": email, "shop": shop}
    subject = " ".join(render_to_string(f"{template_prefix}_subject.txt", words).split())
    text = render_to_string(f"{template_prefix}_message.txt", words)
    paragraphs = [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
    letter = {"subject": subject, "paragraphs": paragraphs, "url": action[0], "label": action[1], "shop": shop}
    message = EmailMultiAlternatives(subject=subject, body=render_to_string("emails/account.txt", letter), to=[email])
    message.attach_alternative(render_to_string("emails/account.html", letter), "text/html")
    return message


def deliver(message: EmailMultiAlternatives) -> None:
    """Send a letter. A mail server that is away must not tell, by an error page, that there was a letter to send."""
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        # A mail server's refusal repeats the address: it stays out of the log.
        logger.error("A letter about an account could not be sent", extra={"error": type(error).__name__})
