"""What stock tests are made of."""

from typing import Any

import factory

from shop.inventory import services
from shop.inventory.models import StockItem, StockLocation


class StockItemFactory(factory.django.DjangoModelFactory):
    """A stock record whose ledger adds up: ``on_hand`` units are its opening stock."""

    sku = factory.Sequence(lambda n: f"SKU-{n}")
    on_hand = 10

    class Meta:
        model = StockItem

    @classmethod
    def _create(cls, model_class: type[StockItem], *args: Any, on_hand: int = 0, **kwargs: Any) -> StockItem:
        item = model_class.objects.create(**kwargs)
        services.adjust(sku=item.sku, quantity=on_hand, kind=services.Kind.OPENING)
        item.refresh_from_db()
        return item


class LocationFactory(factory.django.DjangoModelFactory):
    """Another place beside the default one."""

    name = factory.Sequence(lambda n: f"Store {n}")
    code = factory.Sequence(lambda n: f"STORE-{n}")

    class Meta:
        model = StockLocation
