"""What the wishlist keeps of a person. Its rows go with the account."""

from typing import Any

from shop.accounts.privacy import Holder, Person
from shop.wishlist.models import WishlistItem


def export(person: Person) -> Any:
    """The products with the day on which each was liked."""
    found = WishlistItem.objects.filter(user_id=person.user_id).select_related("product")
    return [{"product": item.product.title, "since": item.created_at} for item in found]


def erase(person: Person) -> None:
    WishlistItem.objects.filter(user_id=person.user_id).delete()


WISHLIST = Holder(code="wishlist", export=export, erase=erase)
