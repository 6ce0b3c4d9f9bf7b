"""The account's copy of the cart, and how the cart before a login and the account's become one.

Each change of a logged-in visitor's cart is copied to the account. At a login both carts become one: units of the same
SKU are added up, as far as a cart holds them. That happens once for each session: what it has is the account's then.
A double click on "Log in" reads one session twice before either click has changed it, so the account remembers, as a
digest, which sessions have come in.
"""

import hashlib
from collections.abc import Mapping, MutableMapping
from typing import Any

from django.db import transaction

from shop.accounts.models import User
from shop.cart.buyer import read_buyer
from shop.cart.limits import MAX_LINES, MAX_QUANTITY_PER_LINE
from shop.cart.models import SavedCart
from shop.cart.selectors import SESSION_KEY, cart_items

OWNER_KEY = "cart_owner"
SOURCES_MOST = 5  # sessions that are remembered for each account


def keep(session: Mapping[str, Any], items: Mapping[str, int]) -> None:
    """Copy a changed cart to the account of whoever is logged in. Visitors have only their session."""
    user_id = read_buyer(session).user_id
    if user_id is None or session.get(OWNER_KEY) != user_id:
        return
    if items:
        SavedCart.objects.update_or_create(user_id=user_id, defaults={"items": dict(items)})
    else:
        SavedCart.objects.filter(user_id=user_id).delete()


@transaction.atomic
def merge(*, session: MutableMapping[str, Any], user: User, source: str = "") -> dict[str, int]:
    """Make one cart of the session's and the account's; gives what is in it. A second login changes nothing.

    ``source`` is the name by which the browser knew the session before the login; a name adds its units once.
    """
    if session.get(OWNER_KEY) == user.pk:
        return cart_items(session)
    # The account's row, as there may be no cart yet. Not its key: orders that refer to it need not wait.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    saved = SavedCart.objects.filter(user=user).first()
    sources = saved.sources if saved else []
    digest = hashlib.sha256(source.encode()).hexdigest()[:16] if source else ""
    brought = {} if digest in sources else cart_items(session)
    together = add_up(brought, cart_items({SESSION_KEY: saved.items}) if saved else {})
    session[OWNER_KEY] = user.pk
    if together:
        session[SESSION_KEY] = together
        remembered = [digest, *(each for each in sources if each != digest)][:SOURCES_MOST] if digest else sources
        SavedCart.objects.update_or_create(user=user, defaults={"items": together, "sources": remembered})
    return together


def add_up(first: Mapping[str, int], second: Mapping[str, int]) -> dict[str, int]:
    """Both, what is only in the second one last; of one SKU at most as many as a line holds, of lines as a cart."""
    units = {
        sku: first.get(sku, 0) + second.get(sku, 0) for sku in [*first, *(sku for sku in second if sku not in first)]
    }
    return {sku: min(quantity, MAX_QUANTITY_PER_LINE) for sku, quantity in list(units.items())[:MAX_LINES]}
