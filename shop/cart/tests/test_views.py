"""The cart as a browser meets it: with and without JavaScript, and with rubbish."""

from typing import Any

import pytest
from django.test import Client

from shop.accounts.services import vouch_for_address
from shop.accounts.tests.factories import PASSWORD, UserFactory
from shop.cart.forms import AddForm, UpdateForm
from shop.cart.tests.factories import HTMX, Shopper
from tests.factories import add_variant, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def shopper(home_page: object) -> Shopper:
    return Shopper()


class TestWithoutJavaScript:
    def test_add_redirects_to_the_cart_which_says_what_happened(self, shopper: Shopper) -> None:
        make_product(sku="MUG", title="Stoneware mug", price=1250)
        answer = shopper.add("MUG", 2)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/cart/")
        assert shopper.cart == {"MUG": 2}
        page = shopper.get("/cart/")
        assert "“Stoneware mug” is in your cart." in page.content.decode()
        assert page.context["cart"].subtotal == 2500
        assert "is in your cart" not in shopper.get("/cart/").content.decode()

    def test_quantity_is_one_unless_it_is_given(self, shopper: Shopper) -> None:
        make_product(sku="MUG")
        shopper.post("/cart/add/", {"sku": "MUG"})
        shopper.post("/cart/add/", {"sku": "MUG", "quantity": ""})
        assert shopper.cart == {"MUG": 2}

    def test_update_and_remove(self, shopper: Shopper) -> None:
        make_product(sku="MUG")
        make_product(sku="BOWL")
        shopper.add("MUG")
        shopper.add("BOWL")
        assert shopper.post("/cart/update/", {"sku": "MUG", "quantity": 4}).status_code == 303
        assert shopper.cart == {"MUG": 4, "BOWL": 1}
        assert shopper.post("/cart/remove/", {"sku": "BOWL"}).status_code == 303
        assert shopper.cart == {"MUG": 4}
        shopper.post("/cart/update/", {"sku": "MUG", "quantity": 0})
        assert shopper.cart == {}

    def test_variants_are_lines_of_their_own(self, shopper: Shopper) -> None:
        mug = make_product(sku="MUG-SEA")
        add_variant(mug, sku="MUG-RUST", options=[("Colour", "Rust")], price=1400)
        shopper.add("MUG-SEA")
        shopper.add("MUG-RUST")
        lines = shopper.get("/cart/").context["cart"].lines
        assert [(line.sku, line.options_label, line.unit_price) for line in lines] == [
            ("MUG-SEA", "", 1250),
            ("MUG-RUST", "Rust", 1400),
        ]


class TestWithHtmx:
    def test_add_answers_with_the_drawer(self, shopper: Shopper) -> None:
        make_product(sku="MUG", title="Stoneware mug")
        answer = shopper.add("MUG", headers=HTMX)
        assert answer.status_code == 200
        assert "partials/cart/drawer.html" in [template.name for template in answer.templates]
        text = answer.content.decode()
        assert "<html" not in text
        assert 'id="cart-contents"' in text
        assert "“Stoneware mug” is in your cart." in text
        assert answer.headers["HX-Trigger"] == '{"cart:changed": {"count": 1}}'

    def test_update_answers_with_the_contents_in_the_layout_of_the_page(self, shopper: Shopper) -> None:
        make_product(sku="MUG", price=1250)
        shopper.add("MUG")
        answer = shopper.post("/cart/update/", {"sku": "MUG", "quantity": 3, "layout": "page"}, headers=HTMX)
        assert answer.context["layout"] == "page"
        assert answer.context["cart"].subtotal == 3750

    def test_the_drawer_can_be_fetched(self, shopper: Shopper) -> None:
        make_product(sku="MUG", title="Stoneware mug")
        shopper.add("MUG")
        assert "Stoneware mug" in shopper.get("/cart/drawer/").content.decode()

    def test_a_refusal_is_told_in_the_drawer(self, shopper: Shopper) -> None:
        make_product(sku="MUG", title="Stoneware mug", stock=0)
        answer = shopper.add("MUG", headers=HTMX)
        assert (answer.status_code, answer.context["message_level"]) == (200, "error")
        assert "“Stoneware mug” has sold out." in answer.content.decode()


class TestRubbish:
    """Refused with words for the buyer, the cart unchanged, never a 5xx."""

    @pytest.mark.parametrize(
        "quantity",
        ["0", "-1", "100", "abc", "1.5", "1e3", "９９９", "9" * 30, "9" * 6000, "٣٠٠", "null", "١-", "∞"],
    )
    @pytest.mark.parametrize("headers", [None, HTMX], ids=["plain", "htmx"])
    def test_quantity_to_add(self, shopper: Shopper, quantity: str, headers: Any) -> None:
        make_product(sku="MUG")
        answer = shopper.add("MUG", quantity, **({"headers": headers} if headers else {}))
        page = answer if headers else shopper.get("/cart/")
        assert answer.status_code == (200 if headers else 303)
        assert "Enter a quantity from 1 to 99." in page.content.decode()
        assert page.context["message_level"] == "error"
        assert shopper.cart == {}

    @pytest.mark.parametrize("quantity", ["-1", "100", "", "abc", "9" * 6000])
    def test_quantity_to_have(self, shopper: Shopper, quantity: str) -> None:
        make_product(sku="MUG")
        shopper.add("MUG")
        assert shopper.post("/cart/update/", {"sku": "MUG", "quantity": quantity}).status_code == 303
        assert "Enter a quantity from 0 to 99." in shopper.get("/cart/").content.decode()
        assert shopper.cart == {"MUG": 1}

    @pytest.mark.parametrize("sku", ["NOPE", "x" * 65, "x" * 100_000, "' OR 1=1 --", "<b>", "\ud800"])
    @pytest.mark.parametrize("path", ["/cart/add/", "/cart/update/"])
    def test_sku(self, shopper: Shopper, path: str, sku: str) -> None:
        make_product(sku="MUG")
        shopper.add("MUG")
        body = f"quantity=1&sku={sku}".encode("utf-8", "surrogatepass")
        answer = shopper.post(path, body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 303
        page = shopper.get("/cart/")
        assert page.context["message_level"] == "error"
        assert page.context["message"]
        assert shopper.cart == {"MUG": 1}

    @pytest.mark.parametrize("path", ["/cart/add/", "/cart/update/", "/cart/remove/"])
    def test_nul_is_refused_at_the_door(self, shopper: Shopper, path: str) -> None:
        make_product(sku="MUG")
        shopper.add("MUG")
        for data in ({"sku": "MUG\x00"}, {"sku": "MUG", "quantity": "\x00"}):
            assert shopper.post(path, data).status_code == 400
        assert shopper.cart == {"MUG": 1}

    def test_the_forms_refuse_nul_themselves(self) -> None:
        assert AddForm({"sku": "MUG\x00"}).first_error == "That product is not sold here."
        assert UpdateForm({"sku": "MUG", "quantity": "\x00"}).first_error == "Enter a quantity from 0 to 99."

    def test_removing_rubbish_is_fine(self, shopper: Shopper) -> None:
        for sku in ("NOPE", "x" * 1000):
            assert shopper.post("/cart/remove/", {"sku": sku}).status_code == 303

    def test_no_choice_made(self, shopper: Shopper) -> None:
        shopper.post("/cart/add/", {})
        assert "Choose which one you would like." in shopper.get("/cart/").content.decode()

    def test_bytes_that_are_no_text(self, shopper: Shopper) -> None:
        answer = shopper.post(
            "/cart/add/", b"sku=\xff\xfe&quantity=\xff", content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code == 303

    def test_broken_form_data(self, shopper: Shopper) -> None:
        answer = shopper.post("/cart/add/", b"rubbish", content_type="multipart/form-data; boundary=x")
        assert answer.status_code in (303, 400)

    @pytest.mark.parametrize(
        "stored", [None, [], "x", {"MUG": "2"}, {"MUG": -1}, {"": 1}, {"MUG": 10**9}, {"x" * 99: 1}]
    )
    def test_a_session_that_holds_rubbish(self, shopper: Shopper, stored: Any) -> None:
        make_product(sku="MUG")
        session = shopper.session
        session["cart"] = stored
        session.save()
        page = shopper.get("/cart/")
        assert page.status_code == 200
        assert page.context["cart"].is_empty

    def test_get_changes_nothing(self, shopper: Shopper) -> None:
        make_product(sku="MUG")
        for path in ("/cart/add/?sku=MUG", "/cart/update/?sku=MUG&quantity=2", "/cart/remove/?sku=MUG"):
            assert shopper.get(path).status_code == 405
        assert shopper.cart == {}


class TestCookieAndCaching:
    def test_the_count_is_a_cookie_that_scripts_can_read(self, shopper: Shopper) -> None:
        make_product(sku="MUG")
        cookie = shopper.add("MUG", 3).cookies["cart_count"]
        assert (cookie.value, cookie["samesite"], cookie["httponly"]) == ("3", "Lax", "")
        assert shopper.post("/cart/remove/", {"sku": "MUG"}).cookies["cart_count"].value == ""

    @pytest.mark.parametrize("path", ["/cart/", "/cart/drawer/"])
    def test_never_stored(self, shopper: Shopper, path: str) -> None:
        assert "no-store" in shopper.get(path).headers["Cache-Control"]

    @pytest.mark.parametrize("path", ["/cart/add/", "/cart/update/", "/cart/remove/"])
    def test_answers_to_changes_are_never_stored(self, shopper: Shopper, path: str) -> None:
        assert "no-store" in shopper.post(path, {"sku": "MUG", "quantity": 1}).headers["Cache-Control"]

    def test_looking_at_an_empty_cart_starts_no_session(self, shopper: Shopper) -> None:
        shopper.get("/cart/")
        shopper.get("/cart/drawer/")
        assert "sessionid" not in shopper.cookies


class TestLogin:
    def test_the_cart_survives_and_the_session_key_changes(self, shopper: Shopper) -> None:
        vouch_for_address(user=UserFactory(email="ann@example.com"))
        make_product(sku="MUG")
        shopper.add("MUG", 2)
        before = shopper.cookies["sessionid"].value
        shopper.get("/account/login/")
        answer = shopper.post("/account/login/", {"login": "ann@example.com", "password": PASSWORD})
        assert answer.status_code == 302
        assert shopper.cookies["sessionid"].value != before
        assert shopper.cart == {"MUG": 2}
        assert shopper.get("/cart/").context["cart"].count == 2
        # The old key is worth nothing any more.
        stranger = Client()
        stranger.cookies["sessionid"] = before
        assert stranger.get("/cart/").context["cart"].is_empty
