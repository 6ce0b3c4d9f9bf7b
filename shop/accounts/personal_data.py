"""What this room keeps of a person: the account, its addresses, its second steps."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.contenttypes.models import ContentType
from wagtail.models import ModelLogEntry

from shop.accounts.models import Address, User
from shop.accounts.privacy import ERASED_NAME, Holder, Person

USER_FIELDS = ("email", "first_name", "last_name", "date_joined", "last_login")
CHOICES = ("wants_review_invitations",)
ADDRESS_FIELDS = (
    *("name", "company", "phone", "line_1", "line_2", "city", "region", "postcode", "country"),
    *("is_default", "created_at"),
)


def export(person: Person) -> Any:
    """The account as its owner knows it. Secrets, such as the password's hash, are not told."""
    user = User.objects.get(pk=person.user_id)
    return {
        **{name: getattr(user, name) for name in (*USER_FIELDS, *CHOICES)},
        "email_addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
        "addresses": [{name: getattr(address, name) for name in ADDRESS_FIELDS} for address in user.addresses.all()],
        "second_steps": list(Authenticator.objects.filter(user=user).values("type", "created_at", "last_used_at")),
    }


def erase(person: Person) -> None:
    """Rows with a foreign key to the account go with it; the admin's log names it by its address."""
    Address.objects.filter(user_id=person.user_id).delete()
    kind = ContentType.objects.get_for_model(User)
    entries = ModelLogEntry.objects.filter(content_type=kind, object_id=str(person.user_id))
    entries.update(label=ERASED_NAME, data={})


ACCOUNT = Holder(code="account", export=export, erase=erase)
