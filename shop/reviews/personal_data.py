"""What reviews keep of a person. The opinion stays, under nobody's name."""

from typing import Any

from django.db.models import Q, QuerySet

from shop.accounts.privacy import ERASED_EMAIL, Holder, Person
from shop.reviews.models import Review

FACTS = ("stars", "title", "words", "name", "email", "status", "answer", "created_at")
NAMELESS = "A former customer"


def reviews_of(person: Person) -> QuerySet[Review]:
    """Written with one of the person's addresses, or by the link of one of their orders."""
    return Review.objects.filter(Q(email__in=person.emails) | Q(order__customer_id=person.user_id))


def export(person: Person) -> Any:
    """Each review with its product's name."""
    found = reviews_of(person).select_related("product")
    return [{"product": review.product.title, **{name: getattr(review, name) for name in FACTS}} for review in found]


def erase(person: Person) -> None:
    reviews_of(person).update(email=ERASED_EMAIL, name=NAMELESS)


REVIEWS = Holder(code="reviews", export=export, erase=erase)
