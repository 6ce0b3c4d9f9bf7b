"""Saved addresses: the only place that writes them."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from shop.accounts.models import Address, User

ADDRESSES_MOST = 20


class AddressRefused(Exception):
    """The change was refused; the message is for the person."""


def addresses_of(*, user: User) -> QuerySet[Address]:
    """The default first."""
    return Address.objects.filter(user=user)


@transaction.atomic
def add_address(*, user: User, facts: dict[str, Any], default: bool = False) -> Address:
    """Store an address; the first one is the default. Raises AddressRefused where there are too many."""
    _lock(user)
    known = addresses_of(user=user).count()
    if known >= ADDRESSES_MOST:
        raise AddressRefused(f"You have {ADDRESSES_MOST} addresses, the most we keep. Delete one first.")
    address = Address.objects.create(user=user, **facts)
    if default or not known:
        _make_default(address)
    return address


@transaction.atomic
def change_address(*, address: Address, facts: dict[str, Any], default: bool = False) -> Address:
    """Store what was changed."""
    for name, value in facts.items():
        setattr(address, name, value)
    address.save(update_fields=list(facts))
    if default:
        make_default(address=address)
    return address


@transaction.atomic
def make_default(*, address: Address) -> None:
    """Let the checkout fill this one in."""
    _lock(address.user)
    _make_default(address)


@transaction.atomic
def delete_address(*, address: Address) -> None:
    """Forget an address; of the others the oldest becomes the default if this one was."""
    _lock(address.user)
    address.delete()
    rest = addresses_of(user=address.user)
    if not rest.filter(is_default=True).exists() and (heir := rest.order_by("pk").first()):
        _make_default(heir)


def default_address(*, user: Any) -> Address | None:
    """What the checkout fills in; None for visitors and for accounts without one."""
    if not isinstance(user, User):
        return None
    return addresses_of(user=user).filter(is_default=True).first()


def checkout_facts(*, user: Any, country: str) -> dict[str, str]:
    """The checkout's fields as far as the account knows them, by the names that orders have for them.

    The address is one in the country that the order goes to: the default if it is there, else the oldest.
    """
    if not isinstance(user, User):
        return {}
    facts = {"email": user.email, "name": f"{user.first_name} {user.last_name}".strip()}
    if address := addresses_of(user=user).filter(country=country).first():
        facts |= {
            "name": address.name,
            "company": address.company,
            "phone": address.phone,
            "address_line_1": address.line_1,
            "address_line_2": address.line_2,
            "city": address.city,
            "region": address.region,
            "postcode": address.postcode,
        }
    return {name: value for name, value in facts.items() if value}


def _lock(user: User) -> None:
    """Of two changes to one person's addresses the later one waits, so that there is one default."""
    User.objects.select_for_update().get(pk=user.pk)


def _make_default(address: Address) -> None:
    Address.objects.filter(user=address.user, is_default=True).exclude(pk=address.pk).update(is_default=False)
    Address.objects.filter(pk=address.pk).update(is_default=True)
