"""What stock alerts keep of a person: the address, until the letter is sent."""

from typing import Any

from shop.accounts.privacy import Holder, Person
from shop.stock_alerts.models import StockAlert


def export(person: Person) -> Any:
    """What somebody waits for."""
    return list(StockAlert.objects.filter(email__in=person.emails).values("sku", "email", "created_at"))


def erase(person: Person) -> None:
    StockAlert.objects.filter(email__in=person.emails).delete()


STOCK_ALERTS = Holder(code="stock_alerts", export=export, erase=erase)
