"""What buyers mistype, and what nobody types: words for the one, no error of ours for the other."""

from collections.abc import Callable
from typing import Any

import pytest

from shop.checkout.tests.factories import (
    Buyer,
)
from shop.orders.models import Order

pytestmark = pytest.mark.django_db
Commits = Callable[..., Any]


class TestValidation:
    @pytest.mark.parametrize(
        ("field", "value", "message"),
        [
            ("email", "", "Enter your e-mail address, so that we can confirm your order."),
            ("email", "ann@", "Enter a whole e-mail address, such as ann@example.com."),
            ("email", "a@b.example\nBcc: x@y.example", "Enter a whole e-mail address, such as ann@example.com."),
            ("name", "", "Enter the name for the parcel."),
            ("name", "Ann\nArcher", "Use letters, digits and punctuation only."),
            ("name", "x" * 101, "Ensure this value has at most 100 characters (it has 101)."),
            ("address_line_1", " ", "Enter the house and street."),
            ("city", "", "Enter the town or city."),
            ("postcode", "", "Enter the postcode."),
            ("postcode", "12345", "Enter a British postcode, such as IP4 1AA."),
            ("provider", "", "Choose how you would like to pay."),
            ("provider", "free", "Choose one of the ways to pay below."),
        ],
    )
    def test_each_slip_has_its_words(self, buyer: Buyer, field: str, value: str, message: str) -> None:
        page = buyer.post("/checkout/", buyer.form(**{field: value}))
        assert page.status_code == 200
        assert page.context["form"].errors[field][0] == message
        assert message in page.content.decode()
        assert not Order.objects.exists()
        assert buyer.cart == {"MUG": 2}

    def test_what_was_typed_stays(self, buyer: Buyer) -> None:
        page = buyer.post("/checkout/", buyer.form(name="Ann O’Archer", postcode="nowhere"))
        assert page.context["form"]["name"].value() == "Ann O’Archer"
        assert "Ann O’Archer" in page.content.decode()

    @pytest.mark.parametrize("card", ["", "visa"])
    def test_the_card_has_to_be_chosen(self, buyer: Buyer, card: str) -> None:
        page = buyer.post("/checkout/", buyer.form(**{"dummy-card": card}))
        assert page.status_code == 200
        assert page.context["providers"][0].form.errors
        assert not Order.objects.exists()

    def test_questions_of_other_ways_to_pay_do_not_matter(self, buyer: Buyer) -> None:
        assert buyer.check_out(provider="invoice", **{"dummy-card": "rubbish"}).status_code == 303
        assert Order.objects.get().payment_method == "invoice"

    def test_a_test_card_that_is_not_allowed_is_not_taken(self, buyer: Buyer, settings: Any) -> None:
        form = buyer.form()
        settings.PAYMENT_ALLOW_TEST_PROVIDERS = False
        page = buyer.post("/checkout/", form)
        assert page.context["form"].errors["provider"] == ["Choose one of the ways to pay below."]
        assert [choice.code for choice in page.context["providers"]] == ["invoice"]
        assert not Order.objects.exists()

    @pytest.mark.parametrize("body", [b"\xff\xfe=\xff", b"email=" + b"x" * 100_000, b"a&" * 5000, b"%00=%00", b""])
    def test_rubbish_is_never_an_error_of_ours(self, buyer: Buyer, body: bytes) -> None:
        answer = buyer.post("/checkout/", body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code in (200, 303, 400)
        assert not Order.objects.exists()
