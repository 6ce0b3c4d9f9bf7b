"""Reading wishlists: of the account for those who have logged in, else of the session."""

from collections.abc import Mapping
from typing import Any

from shop.catalog.cards import Card
from shop.catalog.selectors import cards
from shop.wishlist.models import WishlistItem

SESSION_KEY = "wishlist"
ITEMS_MOST = 100
BIGGEST_ID = 2**63 - 1


def session_ids(session: Mapping[str, Any]) -> list[int]:
    """Product ids of the session's list, newest first. What cannot be an id is left out."""
    stored = session.get(SESSION_KEY)
    found = stored if isinstance(stored, list) else []
    return [pk for pk in found[:ITEMS_MOST] if type(pk) is int and 0 < pk <= BIGGEST_ID]


def wished_ids(*, session: Mapping[str, Any], user: Any) -> list[int]:
    """Product ids, newest first; they may be of products that are gone or not public."""
    if user.is_authenticated:
        return list(WishlistItem.objects.filter(user=user).values_list("product_id", flat=True)[:ITEMS_MOST])
    return session_ids(session)


def wished_cards(*, session: Mapping[str, Any], user: Any) -> list[Card]:
    """The products as listings show them; those that shoppers cannot see now are left out."""
    return cards(wished_ids(session=session, user=user))
