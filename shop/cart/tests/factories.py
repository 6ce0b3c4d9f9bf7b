"""Visitors who change their cart the way a browser does."""

from typing import Any

from django.test import Client

# What every current browser sends with a form of this site.
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
HTMX = {**SAME_ORIGIN, "HX-Request": "true"}


class Shopper(Client):
    """A browser: its POST requests say that they come from this site, unless a test says otherwise."""

    def post(self, *args: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("headers", SAME_ORIGIN)
        return super().post(*args, **kwargs)

    def add(self, sku: str, quantity: Any = 1, **kwargs: Any) -> Any:
        """Put something into the cart."""
        return self.post("/cart/add/", {"sku": sku, "quantity": quantity}, **kwargs)

    @property
    def cart(self) -> dict[str, int]:
        """What the session holds."""
        found: dict[str, int] = self.session.get("cart", {})
        return found
