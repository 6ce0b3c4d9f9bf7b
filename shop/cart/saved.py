"""The account's copy of the cart, and how the cart before a login and the account's become one.

Each change of a logged-in visitor's cart is copied to the account. At a login both carts become one: units of the same
SKU are added up, as far as a cart holds them. That happens once for each session: what it has is the account's then.
"""

from collections.abc import Mapping, MutableMapping
from typing import Any

from django.db import transaction

from shop.cart.buyer import read_buyer
from shop.cart.limits import MAX_LINES, MAX_QUANTITY_PER_LINE
from shop.cart.models import SavedCart
from shop.cart.selectors import SESSION_KEY, cart_items

OWNER_KEY = "cart_owner"


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
def merge(*, session: MutableMapping[str, Any], user: Any) -> dict[str, int]:
    """Make one cart of the session's and the account's; gives what is in it. A second login changes nothing."""
    if session.get(OWNER_KEY) == user.pk:
        return cart_items(session)
    saved = SavedCart.objects.select_for_update().filter(user=user).first()
    together = add_up(cart_items(session), cart_items({SESSION_KEY: saved.items}) if saved else {})
    session[OWNER_KEY] = user.pk
    if together:
        session[SESSION_KEY] = together
        SavedCart.objects.update_or_create(user=user, defaults={"items": together})
    return together


def add_up(first: Mapping[str, int], second: Mapping[str, int]) -> dict[str, int]:
    """Both, what is only in the second one last; of one SKU at most as many as a line holds, of lines as a cart."""
    units = {
        sku: first.get(sku, 0) + second.get(sku, 0) for sku in [*first, *(sku for sku in second if sku not in first)]
    }
    return {sku: min(quantity, MAX_QUANTITY_PER_LINE) for sku, quantity in list(units.items())[:MAX_LINES]}
