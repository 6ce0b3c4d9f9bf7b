"""Buyers who fill in the checkout the way a browser does."""

import re
from typing import Any

from shop.cart.tests.factories import Shopper
from shop.catalog.models import Variant
from shop.inventory.models import StockItem
from shop.pricing import services as pricing

DETAILS = {
    "email": "ann@example.com",
    "name": "Ann Archer",
    "address_line_1": "1 Quay Street",
    "address_line_2": "",
    "city": "Ipswich",
    "postcode": "ip41aa",
}
APPROVES = {"provider": "dummy", "dummy-card": "approves"}
CARD = {"provider": "stripe"}
DECLINES = {"provider": "dummy", "dummy-card": "declines"}
CONFIRMS = {"provider": "dummy", "dummy-card": "confirms"}
INVOICE = {"provider": "invoice"}


def hidden_fields(page: Any) -> dict[str, str]:
    """What the page makes the browser send back. Read from the HTML: ``page.context`` mixes up concurrent requests."""
    names = "attempt", "seen", "total_seen"
    text = page.content.decode()
    return {name: re.findall(rf'<input type="hidden" name="{name}" value="([^"]*)"', text)[0] for name in names}


class Buyer(Shopper):
    """A shopper at the till."""

    def form(self, **changes: Any) -> dict[str, Any]:
        """The form as the page gives it, filled in."""
        page = self.get("/checkout/")
        assert page.status_code == 200, f"checkout answered {page.status_code} to {page.headers.get('Location')}"
        return {**DETAILS, **APPROVES, **hidden_fields(page), **changes}

    def check_out(self, **changes: Any) -> Any:
        """Open the page, fill it in, press the button."""
        return self.post("/checkout/", self.form(**changes))


def stock(sku: str = "MUG") -> tuple[int, int]:
    """Units on hand, and how many of them are reserved."""
    item = StockItem.objects.get(sku=sku)
    return item.on_hand, item.reserved


def set_price(amount: int, sku: str = "MUG") -> None:
    """The price moves, from now on."""
    pricing.set_price(variant=Variant.objects.get(sku=sku), amount=amount, currency="GBP")
