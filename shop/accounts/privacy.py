"""What the shop holds about a person: given out as a file, and erased. Each room registers its share.

Erasing keeps the ledgers: orders stay with their amounts, SKUs, taxes and country, under nobody's name.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction

from shop.accounts import sessions
from shop.accounts.models import User

logger = logging.getLogger(__name__)

# What stands where a name or an address stood.
ERASED_NAME = "Erased"
ERASED_EMAIL = "erased@erased.invalid"


@dataclass(frozen=True, slots=True)
class Person:
    """Whom it is about: their account and the addresses that they have shown to be theirs, lower case."""

    user_id: int
    emails: tuple[str, ...]


def _nothing(person: Person) -> str:
    return ""


def _no_marks(person: Person) -> list[str]:
    return []


@dataclass(frozen=True, slots=True)
class Holder:
    """A room's share. ``export`` gives what JSON can say, ``erase`` removes it, for good.

    ``hindrance`` says, in words for the person, why it cannot be erased yet; empty where it can. ``marks`` are words by
    which a visitor's session is known to be this person's, beside their addresses.
    """

    code: str
    export: Callable[[Person], Any]
    erase: Callable[[Person], None]
    hindrance: Callable[[Person], str] = field(default=_nothing)
    marks: Callable[[Person], list[str]] = field(default=_no_marks)


class AlreadyRegistered(RuntimeError):
    """Two holders have the same code."""


class CannotErase(Exception):
    """Not now; the message is for the person."""


class PrivacyRegistry:
    """All rooms that hold something about people."""

    def __init__(self) -> None:
        self._holders: dict[str, Holder] = {}

    def register(self, holder: Holder) -> None:
        """Add a room's share. Raises AlreadyRegistered for a code that is taken."""
        if holder.code in self._holders:
            raise AlreadyRegistered(f"A holder {holder.code!r} of personal data is registered already.")
        self._holders[holder.code] = holder

    def holders(self) -> list[Holder]:
        """Higher rooms first, as apps are installed: a room may look at what the rooms below still have."""
        return list(self._holders.values())


registry = PrivacyRegistry()


def person_of(user: User) -> Person:
    """The account with its confirmed addresses. What somebody only typed may be another person's."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return Person(user_id=user.pk, emails=tuple(sorted({email.lower() for email in confirmed})))


def export(*, user: User) -> dict[str, Any]:
    """Everything that is held about a person, by room."""
    person = person_of(user)
    return {holder.code: holder.export(person) for holder in registry.holders()}


def hindrances(*, user: User) -> list[str]:
    """Why the account cannot be erased now; empty where it can."""
    if user.is_staff or user.is_superuser or user.groups.exists():
        return ["You work in this shop’s admin. Ask another administrator to take your rights away first."]
    person = person_of(user)
    return [reason for holder in registry.holders() if (reason := holder.hindrance(person))]


@transaction.atomic
def erase(*, user: User) -> None:
    """Erase everything about a person, and the account. Raises CannotErase; nothing is changed then."""
    User.objects.select_for_update().get(pk=user.pk)
    if reasons := hindrances(user=user):
        raise CannotErase(" ".join(reasons))
    person = person_of(user)
    marks = {*person.emails, *(mark for holder in registry.holders() for mark in holder.marks(person))}
    for holder in registry.holders():
        holder.erase(person)
    user_id = user.pk
    user.delete()
    transaction.on_commit(partial(sessions.end_all, user_id=user_id, marks=marks))
    logger.info("An account was erased", extra={"account": user_id})
