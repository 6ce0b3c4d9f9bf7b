"""Buying from abroad, choosing a way of delivery, collecting, and what happens when an offer is gone meanwhile."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from shop.checkout import ledger
from shop.checkout.tests.factories import Buyer
from shop.inventory import services as inventory
from shop.orders.models import Order
from shop.orders.selectors import tax_summary
from shop.payments.models import Payment
from shop.shipping.estimates import add_working_days, leaves_on
from shop.shipping.models import DeliveryMethod
from shop.shipping.tests.factories import make_method, make_zone, only_method
from shop.tax.tests.factories import make_rate, shop_settings
from tests.factories import make_product

pytestmark = pytest.mark.django_db

AMERICAN = {"country": "US", "city": "Mountain View", "region": "CA", "postcode": "94043", "phone": "(650) 253-0000"}
NO_EIRCODE = "Enter the Eircode like this: A65 F4E2."
NO_PHONE = "Enter a phone number of United Kingdom, or one that begins with + and its country’s code."
NO_VAT_NUMBER = "This is no VAT number of the EU or the UK. Check it, or leave it empty."
VAT_STAYS = "VAT stays: it is taken off for numbers of the country abroad that we deliver to."
GERMAN = {"country": "DE", "city": "Berlin", "postcode": "10115"}


@pytest.fixture
def shop(buyer: Buyer) -> dict[str, DeliveryMethod]:
    """Standard and express at home, a counter to collect from, Germany, and the rest of the world."""
    standard = only_method(label="Standard", price=395, min_days=2, max_days=4)
    return {
        "standard": standard,
        "express": make_method(standard.zone, "Express", price=795),
        "counter": make_method(standard.zone, "Collect", "collect", price=0, address="Tavern Street\nIpswich"),
        "germany": make_method(make_zone("Germany", "DE"), "DHL", price=995),
        "world": make_method(make_zone("World"), "Airmail", price=1995),
    }


def update(buyer: Buyer, **changes: Any) -> Any:
    """Press the update button, as htmx does, and look at the page."""
    form = buyer.form(**changes)
    assert buyer.post("/checkout/", {**form, "update": "1"}).headers["Location"] == "/checkout/"
    return buyer.get("/checkout/")


class TestCountry:
    def test_it_changes_the_form_and_the_total_and_loses_nothing(
        self, buyer: Buyer, shop: dict[str, DeliveryMethod]
    ) -> None:
        page = update(buyer, country="US", name="Bob O’Hara")
        text = page.content.decode()
        assert [field.name for row in page.context["form"].address_rows for field in row] == [
            "city",
            "region",
            "postcode",
        ]
        assert [option.label for option in page.context["options"]] == ["Airmail"]
        assert page.context["cart"].total == 2500 + 1995
        assert "Bob O’Hara" in text
        assert "ZIP code" in text
        assert not Order.objects.exists()

    def test_a_code_that_was_typed_and_not_applied_is_still_in_its_field(
        self, buyer: Buyer, shop: dict[str, DeliveryMethod]
    ) -> None:
        page = update(buyer, country="US", coupon=" welcome10 ")
        assert 'name="coupon" form="checkout" value="welcome10"' in page.content.decode()
        assert page.context["cart"].buyer.codes == ()
        # Whoever empties the field meanwhile does not get it back.
        assert 'form="checkout" value=""' in update(buyer, country="US").content.decode()

    def test_an_american_order(self, buyer: Buyer, shop: dict[str, DeliveryMethod]) -> None:
        update(buyer, country="US")
        assert buyer.check_out(**AMERICAN).status_code == 303
        order = Order.objects.get()
        assert (order.country, order.region, order.postcode, order.phone) == ("US", "CA", "94043", "+16502530000")
        assert (order.shipping_label, order.delivery_code) == ("Airmail", shop["world"].code)
        assert order.address_lines == [
            "Ann Archer",
            "1 Quay Street",
            "Mountain View, CA 94043",
            "United States of America",
        ]
        assert Payment.objects.get().amount == order.total == 2500 + 1995
        assert ledger.violations() == []

    def test_without_pressing_update_the_new_total_is_shown_first(
        self, buyer: Buyer, shop: dict[str, DeliveryMethod]
    ) -> None:
        page = buyer.check_out(**GERMAN)
        assert page.status_code == 409
        assert "The total has changed from £28.95 to £34.95" in page.content.decode()
        assert not Order.objects.exists()
        assert buyer.check_out(**GERMAN).status_code == 303
        assert Order.objects.get().total == 3495

    @pytest.mark.parametrize(
        ("country", "changes", "field", "message"),
        [
            ("US", {**AMERICAN, "region": ""}, "region", "Choose the state."),
            ("US", {**AMERICAN, "region": "XX"}, "region", "Choose the state."),
            ("US", {**AMERICAN, "postcode": "9404"}, "postcode", "Enter the ZIP code like this: 95014."),
            ("DE", {**GERMAN, "postcode": "1"}, "postcode", "Enter the postcode like this: 26133."),
            ("DE", {**GERMAN, "city": ""}, "city", "Enter the town or city."),
            (
                "IE",
                {"country": "IE", "city": "Cork", "postcode": "x"},
                "postcode",
                "Enter the Eircode like this: A65 F4E2.",
            ),
            (
                "GB",
                {"phone": "12"},
                "phone",
                "Enter a phone number of United Kingdom, or one that begins with + and its country’s code.",
            ),
            (
                "GB",
                {"tax_number": "GB1"},
                "tax_number",
                "This is no VAT number of the EU or the UK. Check it, or leave it empty.",
            ),
        ],
    )
    def test_slips(
        self, buyer: Buyer, shop: Any, country: str, changes: dict[str, str], field: str, message: str
    ) -> None:
        update(buyer, country=country)
        page = buyer.check_out(**changes)
        assert page.context["form"].errors[field] == [message]
        assert not Order.objects.exists()

    @pytest.mark.parametrize("country", ["ZZ", "GB'", "9" * 5000, "gb", "-1"])
    def test_a_country_that_is_none(self, buyer: Buyer, shop: Any, country: str) -> None:
        page = buyer.check_out(country=country)
        assert page.context["form"].errors["country"] == ["Choose a country that we deliver to."]

    def test_ireland_needs_no_eircode(self, buyer: Buyer, shop: Any) -> None:
        update(buyer, country="IE")
        assert buyer.check_out(country="IE", city="Cork", postcode="", region="").status_code == 303
        assert Order.objects.get().postcode == ""

    def test_japan_has_no_town(self, buyer: Buyer, shop: Any) -> None:
        update(buyer, country="JP")
        buyer.check_out(country="JP", region="Tokyo", postcode="1000001", city="")
        order = Order.objects.get()
        assert order.address_lines == ["Ann Archer", "1 Quay Street, Tokyo", "100-0001", "Japan"]

    def test_nobody_is_delivered_to(self, buyer: Buyer) -> None:
        DeliveryMethod.objects.all().delete()
        page = buyer.get("/checkout/")
        assert "We cannot deliver your cart to this address" in page.content.decode()
        answer = buyer.check_out()
        assert answer.context["form"].errors["country"] == ["We cannot deliver your cart to United Kingdom."]
        assert not Order.objects.exists()


class TestWays:
    def test_the_choice_is_frozen(self, buyer: Buyer, shop: dict[str, DeliveryMethod]) -> None:
        page = update(buyer, delivery=shop["express"].code)
        assert page.context["cart"].total == 2500 + 795
        buyer.check_out(delivery=shop["express"].code)
        order = Order.objects.get()
        assert (order.shipping_label, order.delivery_code, order.shipping_total) == (
            "Express",
            shop["express"].code,
            795,
        )

    def test_the_estimate_is_frozen(self, buyer: Buyer, shop: dict[str, DeliveryMethod]) -> None:
        page = buyer.get("/checkout/")
        estimate = page.context["options"][0].estimate
        assert estimate.startswith("Arrives ")
        assert estimate in page.content.decode()
        buyer.check_out(delivery=shop["standard"].code)
        assert Order.objects.get().delivery_estimate == estimate

    def test_what_is_sold_before_it_is_here_does_not_arrive_before_it_comes(
        self, buyer: Buyer, shop: dict[str, DeliveryMethod]
    ) -> None:
        expected = timezone.localdate() + timedelta(days=60)
        make_product(sku="BOX", title="Nest box", price=3900, stock=0)
        inventory.set_backorders(sku="BOX", limit=5, expected_on=expected)
        buyer.add("BOX", 1)
        mixed = buyer.get("/checkout/").context["options"][0].estimate
        assert mixed.endswith(", as far as it is here")
        buyer.post("/cart/remove/", {"sku": "MUG"})
        alone = buyer.get("/checkout/").context["options"][0].estimate
        first = add_working_days(leaves_on(datetime.combine(expected, time()), None), 2)
        assert alone.startswith(f"Arrives {first:%a} {first.day}")
        inventory.set_backorders(sku="BOX", limit=5, expected_on=None)
        assert buyer.get("/checkout/").context["options"][0].estimate == ""

    def test_what_is_collected_has_no_address(self, buyer: Buyer, shop: dict[str, DeliveryMethod]) -> None:
        page = update(buyer, delivery=shop["counter"].code)
        assert 'name="address_line_1"' not in page.content.decode()
        form = buyer.form(delivery=shop["counter"].code)
        for name in ("address_line_1", "address_line_2", "city", "postcode"):
            del form[name]
        assert buyer.post("/checkout/", form).status_code == 303
        order = Order.objects.get()
        assert (order.collection_place, order.address_line_1, order.shipping_total) == ("Tavern Street\nIpswich", "", 0)
        assert order.address_lines == ["Ann Archer"]
        # The address that was typed before comes back with the parcel.
        assert order.is_collected

    def test_a_way_that_is_gone_at_the_press_of_the_button(self, buyer: Buyer, shop: dict[str, DeliveryMethod]) -> None:
        update(buyer, delivery=shop["express"].code)
        form = buyer.form(delivery=shop["express"].code, name="Bob")
        DeliveryMethod.objects.filter(pk=shop["express"].pk).update(active=False)
        page = buyer.post("/checkout/", form)
        assert page.context["form"].errors["delivery"] == [
            "That way of delivery is no longer offered. Choose one of these."
        ]
        assert page.context["form"]["name"].value() == "Bob"
        assert not Order.objects.exists()
        assert buyer.check_out(delivery=shop["standard"].code).status_code == 303

    @pytest.mark.parametrize("code", ["flat-" + "9" * 40, "'", "collect", "-1"])
    def test_rubbish(self, buyer: Buyer, shop: Any, code: str) -> None:
        assert "delivery" in buyer.check_out(delivery=code).context["form"].errors


class TestTax:
    def test_a_business_abroad(self, buyer: Buyer, shop: Any) -> None:
        make_rate(1900, "DE")
        assert [option.amount for option in update(buyer, **GERMAN).context["options"]] == [995]
        page = update(buyer, **GERMAN, tax_number="de 136695976", company="Blau GmbH")
        assert "VAT taken off" in page.content.decode()
        assert [option.amount for option in page.context["options"]] == [829]
        buyer.check_out(**GERMAN, tax_number="DE136695976", company="Blau GmbH")
        order = Order.objects.get()
        assert (order.tax_number, order.company) == ("DE136695976", "Blau GmbH")
        assert order.tax_note == "No VAT is charged: export to a business. Buyer’s number DE136695976."
        assert (order.subtotal, order.tax_adjustment, order.shipping_total, order.tax_total) == (2500, -417, 829, 0)
        assert order.total == 2500 - 417 + 829 == Payment.objects.get().amount
        assert ledger.violations() == []

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("de 136 695 976", "No VAT is charged: export to a business. Buyer’s number DE136695976."),
            ("gb 980 7806 84", f"GB980780684 will stand on your invoice. {VAT_STAYS}"),
            ("DE123456789", NO_VAT_NUMBER),
        ],
    )
    def test_what_a_number_does_is_said_beside_it(self, buyer: Buyer, shop: Any, typed: str, words: str) -> None:
        text = update(buyer, **GERMAN, tax_number=typed).content.decode()
        business = text[text.index('<details class="business" open>') :].split("</details>")[0]
        assert words in business
        assert ('aria-invalid="true"' in business) == (words == NO_VAT_NUMBER)
        assert f'value="{typed}"' in business

    def test_prices_without_tax(self, buyer: Buyer, shop: Any) -> None:
        shop_settings(prices_include_tax=False)
        assert "Prices exclude VAT." in buyer.get("/cart/").content.decode()
        buyer.check_out()
        order = Order.objects.get()
        assert (order.subtotal, order.tax_adjustment, order.tax_total, order.total) == (2500, 500, 579, 3474)
        assert (order.shipping_total, order.shipping_shown, order.prices_include_tax) == (474, 395, False)
        assert [(part.percent, part.net, part.tax) for part in tax_summary(order)] == [("20", 2895, 579)]
        assert ledger.violations() == []
