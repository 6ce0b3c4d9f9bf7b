"""Only this shop's own pages change a cart, and they need no token for it."""

import pytest
from django.test import Client, RequestFactory

from shop.cart.guards import is_same_origin
from tests.factories import make_product

OWN = [
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "http://testserver"},
    {"Origin": "https://TESTSERVER"},
    {"Referer": "http://testserver/mugs/"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
]
FOREIGN: list[dict[str, str]] = [
    {},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": ""},
    {"Sec-Fetch-Site": "SAME-ORIGIN "[::-1]},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    {"Origin": "null"},
    {"Origin": "null", "Referer": "http://testserver/"},
    {"Origin": "http://evil.example"},
    {"Origin": "http://testserver.evil.example"},
    {"Origin": "http://testserver:8080"},
    {"Origin": "http://[broken"},
    {"Origin": "http://evil.example", "Referer": "http://testserver/"},
    {"Referer": "http://evil.example/?http://testserver/"},
    {"Referer": "testserver"},
]


@pytest.mark.parametrize("headers", OWN, ids=str)
def test_own(headers: dict[str, str]) -> None:
    assert is_same_origin(RequestFactory().post("/cart/add/", headers=headers))


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_foreign(headers: dict[str, str]) -> None:
    assert not is_same_origin(RequestFactory().post("/cart/add/", headers=headers))


@pytest.mark.django_db
class TestOverHttp:
    @pytest.fixture
    def browser(self, home_page: object) -> Client:
        make_product(sku="MUG")
        return Client(enforce_csrf_checks=True)

    @pytest.mark.parametrize("path", ["/cart/add/", "/cart/update/", "/cart/remove/"])
    @pytest.mark.parametrize("headers", OWN, ids=str)
    def test_own_pages_need_no_token(self, browser: Client, path: str, headers: dict[str, str]) -> None:
        data = {"sku": "MUG", "quantity": 1}
        assert browser.post(path, data, headers=headers).status_code == 303
        assert browser.post(path, data, headers={**headers, "HX-Request": "true"}).status_code == 200

    @pytest.mark.parametrize("path", ["/cart/add/", "/cart/update/", "/cart/remove/"])
    @pytest.mark.parametrize("headers", FOREIGN, ids=str)
    def test_others_are_refused(self, browser: Client, path: str, headers: dict[str, str]) -> None:
        answer = browser.post(path, {"sku": "MUG", "quantity": 1}, headers=headers)
        assert answer.status_code == 403
        assert "cart" not in browser.session
        assert "sessionid" not in answer.cookies
