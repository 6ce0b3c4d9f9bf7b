"""Buyers who fill in the checkout the way a browser does."""

from typing import Any

from shop.cart.tests.factories import Shopper

DETAILS = {
    "email": "ann@example.com",
    "name": "Ann Archer",
    "address_line_1": "1 Quay Street",
    "address_line_2": "",
    "city": "Ipswich",
    "postcode": "ip41aa",
}
APPROVES = {"provider": "dummy", "dummy-card": "approves"}
DECLINES = {"provider": "dummy", "dummy-card": "declines"}
CONFIRMS = {"provider": "dummy", "dummy-card": "confirms"}
INVOICE = {"provider": "invoice"}


class Buyer(Shopper):
    """A shopper at the till."""

    def form(self, **changes: Any) -> dict[str, Any]:
        """The form as the page gives it, filled in."""
        page = self.get("/checkout/")
        assert page.status_code == 200, f"checkout answered {page.status_code} to {page.headers.get('Location')}"
        hidden = {field.name: str(field.value()) for field in page.context["form"].hidden_fields()}
        return {**DETAILS, **hidden, **APPROVES, **changes}

    def check_out(self, **changes: Any) -> Any:
        """Open the page, fill it in, press the button."""
        return self.post("/checkout/", self.form(**changes))
