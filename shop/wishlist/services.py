"""Changing wishlists."""

from collections.abc import MutableMapping
from typing import Any

from django.db import transaction

from shop.catalog.models import ProductPage
from shop.catalog.selectors import cards
from shop.wishlist.models import WishlistItem
from shop.wishlist.selectors import ITEMS_MOST, SESSION_KEY, session_ids, wished_ids

Session = MutableMapping[str, Any]


class WishRefused(Exception):
    """The change was refused; the message is for the shopper."""


def add(*, session: Session, user: Any, product_id: int) -> str:
    """Put a product first on the list; fine if it is there. Gives words for the shopper, raises WishRefused."""
    found = cards([product_id])
    if not found:
        raise WishRefused("That product is not in the shop any more.")
    ids = wished_ids(session=session, user=user)
    if product_id not in ids and len(ids) >= ITEMS_MOST:
        raise WishRefused(f"Your list has {ITEMS_MOST} products, the most it can hold. Take some off first.")
    if user.is_authenticated:
        WishlistItem.objects.get_or_create(user=user, product_id=product_id)
    elif product_id not in ids:
        session[SESSION_KEY] = [product_id, *ids]
    return f"“{found[0].title}” is on your list."


def remove(*, session: Session, user: Any, product_id: int) -> str:
    """Take a product off; fine if it is gone already."""
    if user.is_authenticated:
        WishlistItem.objects.filter(user=user, product=product_id).delete()
    else:
        ids = [pk for pk in session_ids(session) if pk != product_id]
        if ids:
            session[SESSION_KEY] = ids
        else:
            session.pop(SESSION_KEY, None)
    return "We took it off your list."


@transaction.atomic
def merge(*, session: Session, user: Any) -> int:
    """Move the session's list to the account at login, as far as it has room; gives how many were new to it."""
    ids = session_ids(session)
    if not ids:
        return 0
    known = set(WishlistItem.objects.filter(user=user).values_list("product_id", flat=True))
    there = set(ProductPage.objects.filter(pk__in=ids).values_list("pk", flat=True))
    new = [pk for pk in ids if pk in there and pk not in known][: max(ITEMS_MOST - len(known), 0)]
    # The oldest first: the list shows the newest on top.
    WishlistItem.objects.bulk_create(
        [WishlistItem(user=user, product_id=pk) for pk in reversed(new)], ignore_conflicts=True
    )
    session.pop(SESSION_KEY, None)
    return len(new)
