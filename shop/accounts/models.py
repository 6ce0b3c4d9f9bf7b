"""People who log in. The e-mail address is the user name."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_countries import countries

from cms.encryption import EncryptedCharField


class UserManager(BaseUserManager["User"]):
    """Creates users with a normalised, lower-case e-mail address."""

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Lower-case the whole address: mail providers do not tell ``Ann@`` from ``ann@``, and neither do we."""
        return super().normalize_email(email).strip().lower()

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Store a new user. Raises ValueError without an address."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Store a user who may do everything, and who can log in without confirming the address."""
        from shop.accounts.services import vouch_for_address  # which needs this module

        user = self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})
        vouch_for_address(user=user)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user with this address in any case. Stored addresses are lower case, so the unique index serves."""
        return self.get(email=self.normalize_email(username))


class User(AbstractBaseUser, PermissionsMixin):
    """A shopper with an account, or a member of staff."""

    email = models.EmailField("e-mail address", unique=True, error_messages={"unique": "This address is taken."})
    first_name = models.CharField(max_length=150, blank=True)
    last_name = models.CharField(max_length=150, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True, help_text="Untick instead of deleting an account.")
    wants_review_invitations = models.BooleanField("letters that ask for a review", default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    # Part of what every session is checked against: changing it ends them all, wherever they are kept.
    login_round = models.CharField(max_length=32, blank=True, default="", db_default="", editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case_unique")]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        """Lower-case the address before uniqueness is checked, so that a form answers instead of the database."""
        super().clean()
        self.email = type(self).objects.normalize_email(self.email)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = type(self).objects.normalize_email(self.email)
        super().save(*args, **kwargs)

    def get_session_auth_hash(self) -> str:
        """What a session must have been begun under: this password, in this round of logins."""
        return self._session_hash(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same by the secrets that were used before."""
        return (self._session_hash(secret) for secret in settings.SECRET_KEY_FALLBACKS)

    def _session_hash(self, secret: str | bytes | None) -> str:
        # Django's own salt: who was logged in before there were rounds stays so.
        salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
        return salted_hmac(salt, self.password + self.login_round, secret=secret, algorithm="sha256").hexdigest()

    def get_full_name(self) -> str:
        """First and last name, else the address."""
        return f"{self.first_name} {self.last_name}".strip() or self.email

    def get_short_name(self) -> str:
        return self.first_name or self.email


class Address(models.Model):
    """Where somebody has things sent. Street and phone number are encrypted in the database.

    Written by ``addresses.py`` only; an account with addresses has one that is its default.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="addresses")
    name = models.CharField("full name", max_length=100)
    company = models.CharField(max_length=100, blank=True)
    phone = EncryptedCharField(max_length=20, blank=True)
    line_1 = EncryptedCharField("address", max_length=100)
    line_2 = EncryptedCharField("flat, building", max_length=100, blank=True)
    city = models.CharField("town or city", max_length=100)
    region = models.CharField("county, state or province", max_length=100, blank=True)
    postcode = models.CharField(max_length=16, blank=True)
    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2.")
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-is_default", "pk"]
        verbose_name_plural = "addresses"
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(is_default=True), name="address_one_default"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.city}"

    @property
    def lines(self) -> list[str]:
        """As on a label."""
        town = " ".join(part for part in (self.city, self.region, self.postcode) if part)
        found = [self.name, self.company, self.line_1, self.line_2, town, str(countries.name(self.country))]
        return [line for line in found if line]
