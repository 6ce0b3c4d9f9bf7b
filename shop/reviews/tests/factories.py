"""What review tests are made of."""

import factory

from shop.catalog.tests.factories import ProductPageFactory
from shop.reviews.models import Review, Status


class ReviewFactory(factory.django.DjangoModelFactory):
    """A published review of a new product; ``status=Status.PENDING`` for one that waits."""

    product = factory.SubFactory(ProductPageFactory)
    stars = 5
    title = "Just right"
    words = factory.Sequence(lambda n: f"Holds a good half pint, and its handle suits my hand. ({n})")
    name = "Ann"
    email = factory.Sequence(lambda n: f"ann{n}@example.com")
    status = Status.APPROVED

    class Meta:
        model = Review
