"""Somebody with a browser, in front of a shop that runs in processes of its own."""

import re
from typing import Any

import requests

from shop.cart.tests.factories import SAME_ORIGIN
from shop.checkout.tests.factories import DETAILS, hidden_fields

# Seconds for one answer, also from a machine that has hundreds to give.
PATIENCE = 600


class Visitor:
    """Keeps cookies, follows no redirect, and accepts no error of the shop's: 500 and above raises AssertionError."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False  # no proxy stands between
        self.session.headers["Accept-Encoding"] = "identity"

    def same_browser(self) -> "Visitor":
        """Another tab."""
        tab = Visitor(self.url)
        tab.session.cookies.update(self.session.cookies)
        return tab

    def get(self, path: str) -> requests.Response:
        return self._ask("GET", path)

    def post(self, path: str, data: dict[str, Any]) -> requests.Response:
        return self._ask("POST", path, data=data, headers=SAME_ORIGIN)

    def _ask(self, method: str, path: str, **options: Any) -> requests.Response:
        answer = self.session.request(method, self.url + path, allow_redirects=False, timeout=PATIENCE, **options)
        assert answer.status_code < 500, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer

    def add(self, sku: str, quantity: int = 1) -> None:
        """Put something into the cart."""
        assert self.post("/cart/add/", {"sku": sku, "quantity": quantity}).status_code == 303

    def form(self, **choices: Any) -> dict[str, Any]:
        """The checkout's form as its page gives it, filled in."""
        page = self.get("/checkout/")
        assert page.status_code == 200, f"the checkout sends to {page.headers.get('Location')}"
        return {**DETAILS, **hidden_fields(page), **csrf(page), **choices}

    def check_out(self, sku: str, **choices: Any) -> str:
        """Buy one unit; gives the address to which the shop sends the buyer then."""
        self.add(sku)
        return address(self.post("/checkout/", self.form(**choices)))


def csrf(page: requests.Response) -> dict[str, str]:
    """The token of a page's forms."""
    name = "csrfmiddlewaretoken"
    return {name: re.findall(rf'name="{name}" value="(\w+)"', page.text)[0]}


def address(answer: requests.Response) -> str:
    """Where a redirect leads to."""
    assert answer.status_code == 303, f"{answer.status_code} {answer.text[:500]}"
    return answer.headers["Location"]


def ending(path: str) -> str:
    """Where that is: with an order, at the cart, at the checkout."""
    return path.split("/")[1]


def order_number(path: str) -> str:
    """The order that an address shows; its signature carries the time and is another every second."""
    return path.split("/")[2].split(".")[0]
