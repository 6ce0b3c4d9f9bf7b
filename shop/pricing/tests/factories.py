"""What pricing tests are made of."""

import factory

from shop.catalog.tests.factories import VariantFactory
from shop.pricing.models import Price


class PriceFactory(factory.django.DjangoModelFactory):
    """A price that holds from now on."""

    variant = factory.SubFactory(VariantFactory)
    amount = 1250
    currency = "GBP"

    class Meta:
        model = Price
