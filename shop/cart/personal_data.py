"""What the cart keeps of a person. Its row goes with the account."""

from typing import Any

from shop.accounts.privacy import Holder, Person
from shop.cart.models import SavedCart


def export(person: Person) -> Any:
    """Units per SKU."""
    saved = SavedCart.objects.filter(user_id=person.user_id).first()
    return saved.items if saved else {}


def erase(person: Person) -> None:
    SavedCart.objects.filter(user_id=person.user_id).delete()


CART = Holder(code="cart", export=export, erase=erase)
