"""The tax of a cart: once per line, half-up, by the rate of class, country and moment, and adding up to the penny."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from wagtail.models import Site

from shop.cart.buyer import ANONYMOUS
from shop.cart.contents import Adjustment, Cart
from shop.cart.selectors import build_cart
from shop.cart.terms import RatePart, Taxed
from shop.tax.models import AppendOnly, Elsewhere, TaxClass, TaxRate, TaxSettings
from shop.tax.rates import rates_for
from shop.tax.tests.factories import make_rate, put_in_class, shop_settings
from tests.factories import make_product
from tests.trade import make_method, make_zone, only_method

pytestmark = pytest.mark.django_db
GERMAN, BRITISH = "DE136695976", "GB980780684"


@pytest.fixture
def shop(home_page: object) -> None:
    """A mug, a book without VAT, a seat at the reduced rate; £3.95 to Britain, £9.95 to anywhere else."""
    for sku, price in (("MUG", 1250), ("BOOK", 1000), ("SEAT", 999)):
        make_product(sku=sku, price=price)
    put_in_class("zero", "BOOK")
    put_in_class("reduced", "SEAT")
    only_method(price=395)
    make_method(make_zone("World"), "Airmail", price=995)


def tax_settings(**fields: Any) -> None:
    TaxSettings.objects.create(site=Site.objects.get(), **fields)


def cart(*skus: str, quantity: int = 1, **buyer: Any) -> Cart:
    return build_cart(items=dict.fromkeys(skus, quantity), buyer=replace(ANONYMOUS, **buyer))


def shown(found: Cart) -> list[tuple[str, int, bool]]:
    return [(each.label, each.amount, each.included) for each in found.adjustments]


class TestIncluded:
    def test_it_is_told_not_added(self, shop: None) -> None:
        found = cart("MUG")
        # 208.33 and 65.83, each half-up.
        assert shown(found) == [("By post", 395, False), ("Includes VAT", 208 + 66, True)]
        assert found.total == 1645
        assert found.tax is not None
        assert found.tax.lines == {"MUG": Taxed(2000, 208)}

    def test_each_rate_is_told_and_delivery_follows_the_goods(self, shop: None) -> None:
        found = cart("MUG", "BOOK", "SEAT")
        assert found.tax is not None
        assert found.tax.lines == {"MUG": Taxed(2000, 208), "BOOK": Taxed(0, 0), "SEAT": Taxed(500, 48)}
        # 395 spread over 1250, 1000, 999 is 152, 122, 121.
        assert found.tax.delivery == (RatePart(2000, 127, 25), RatePart(0, 122, 0), RatePart(500, 115, 6))
        assert shown(found)[1:] == [("Includes VAT 20%", 233, True), ("Includes VAT 5%", 54, True)]
        assert found.total == 1250 + 1000 + 999 + 395

    def test_delivery_of_one_class(self, shop: None) -> None:
        tax_settings(delivery_class=TaxClass.objects.get(code="standard"))
        found = cart("BOOK")
        assert shown(found) == [("By post", 395, False), ("Includes VAT", 66, True)]

    def test_no_tax_is_not_mentioned(self, shop: None) -> None:
        assert shown(cart("BOOK")) == [("By post", 395, False)]

    def test_other_words(self, shop: None) -> None:
        shop_settings(tax_label="GST")
        tax_settings(registration_number="GB 1")
        found = cart("MUG")
        assert shown(found)[1] == ("Includes GST", 274, True)
        assert found.tax is not None
        assert found.tax.registration == "GB 1"

    def test_discounts_lower_it(self, shop: None) -> None:
        from shop.tax.charging import charge_tax

        found = charge_tax(replace(cart("MUG"), adjustments=()).with_line_discounts({"MUG": 50}))
        assert found.tax is not None
        assert found.tax.lines["MUG"] == Taxed(2000, 200)


class TestOnTop:
    def test_it_is_added(self, shop: None) -> None:
        shop_settings(prices_include_tax=False)
        found = cart("MUG", "BOOK", quantity=3)
        assert found.tax is not None
        assert found.tax.lines == {"MUG": Taxed(2000, 750, 750), "BOOK": Taxed(0, 0, 0)}
        # 395 over 3750 and 3000: 219 and 176; 20 % of 219 is 43.8.
        assert found.tax.delivery == (RatePart(2000, 219, 44), RatePart(0, 176, 0))
        assert shown(found) == [("By post", 395, False), ("VAT 20%", 794, False)]
        assert found.total == 3750 + 3000 + 395 + 794


class TestAbroad:
    def test_the_price_stays_and_the_tax_in_it_is_the_destinations(self, shop: None) -> None:
        make_rate(1900, "DE")
        found = cart("MUG", country="DE")
        assert found.tax is not None
        assert (found.tax.lines["MUG"], found.total) == (Taxed(1900, 200), 1250 + 995)

    def test_without_a_rate_the_home_countrys_holds(self, shop: None) -> None:
        found = cart("MUG", country="JP")
        assert found.tax is not None
        assert (found.tax.lines["MUG"], found.tax.note) == (Taxed(2000, 208), "")

    def test_or_none_by_setting_and_then_ours_is_taken_off(self, shop: None) -> None:
        tax_settings(elsewhere=Elsewhere.NONE)
        found = cart("MUG", "BOOK", country="JP")
        assert found.tax is not None
        assert found.tax.lines == {"MUG": Taxed(0, 0, -208), "BOOK": Taxed(0, 0, 0)}
        # 995 over 1250 and 1000 is 553 and 442; of the first 92 was VAT.
        assert shown(found) == [("Airmail", 903, False), ("VAT taken off", -208, False)]
        assert found.total == 2250 - 208 + 903
        assert found.tax.note == "No VAT is charged on deliveries to Japan."

    def test_without_tax_nothing_is_added(self, shop: None) -> None:
        shop_settings(prices_include_tax=False)
        tax_settings(elsewhere=Elsewhere.NONE)
        assert cart("MUG", country="JP").total == 1250 + 995

    def test_what_is_collected_is_taxed_at_home(self, shop: None) -> None:
        make_rate(1900, "DE")
        counter = make_method(make_zone("Germany", "DE"), "Collect", "collect", price=0, address="Ipswich")
        found = cart("MUG", country="DE", delivery=counter.code, tax_number=GERMAN)
        assert found.tax is not None
        assert found.tax.lines["MUG"] == Taxed(2000, 208)


class TestBusinesses:
    def test_a_business_abroad_buys_net(self, shop: None) -> None:
        make_rate(1900, "DE")
        found = cart("MUG", country="DE", tax_number=GERMAN)
        assert found.tax is not None
        assert found.tax.lines["MUG"] == Taxed(0, 0, -208)
        # 995 with 20 % is 829 without.
        assert shown(found) == [("Airmail", 829, False), ("VAT taken off", -208, False)]
        assert found.total == 1250 - 208 + 829
        assert found.tax.note == f"No VAT is charged: export to a business. Buyer’s number {GERMAN}."

    def test_inside_the_union_it_is_reverse_charge(self, shop: None) -> None:
        shop_settings(country="FR")
        make_rate(2000, "FR")
        found = cart("MUG", country="DE", tax_number=GERMAN)
        assert found.tax is not None
        assert found.tax.note.startswith("No VAT is charged: intra-Community supply, reverse charge.")

    @pytest.mark.parametrize(
        ("country", "number"),
        [("GB", BRITISH), ("FR", GERMAN), ("DE", "DE136695977"), ("DE", "rubbish"), ("DE", BRITISH), ("DE", "")],
    )
    def test_everybody_else_pays_it(self, shop: None, country: str, number: str) -> None:
        found = cart("MUG", country=country, tax_number=number)
        assert found.tax is not None
        assert (found.tax.lines["MUG"], found.tax.note) == (Taxed(2000, 208), "")

    def test_not_where_the_shop_does_not_want_it(self, shop: None) -> None:
        tax_settings(relieve_businesses=False)
        found = cart("MUG", country="DE", tax_number=GERMAN)
        assert found.tax is not None
        assert found.tax.note == ""


class TestDates:
    def test_to_the_second_also_when_clocks_change(self, home_page: object) -> None:
        # In Britain, 2026-10-25 01:30 happens twice; the rate begins at the second one.
        begins = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
        make_rate(2500, valid_from=begins)
        standard = TaxClass.objects.get(code="standard").pk
        for offset, rate in ((-3600, 2000), (-1, 2000), (0, 2500), (1, 2500)):
            assert rates_for(country="GB", at=begins + timedelta(seconds=offset)).at_home(standard) == rate

    def test_the_newest_of_one_moment_counts(self, home_page: object) -> None:
        make_rate(2100)
        make_rate(2200)
        assert rates_for(country="GB").at_home(None) == 2200

    def test_history_stays(self, home_page: object) -> None:
        rate = TaxRate.objects.latest("pk")
        rate.rate = 1
        with pytest.raises(AppendOnly):
            rate.save()


def test_the_number_of_queries_does_not_grow(shop: None, django_assert_num_queries: Any) -> None:
    from shop.tax.charging import charge_tax

    small, large = replace(cart("MUG"), adjustments=()), replace(cart("MUG", "BOOK", "SEAT"), adjustments=())
    for found in (small, large):
        with django_assert_num_queries(3):
            charge_tax(found)


def test_a_shop_without_classes_charges_none(shop: None) -> None:
    from shop.tax.models import VariantTaxClass

    VariantTaxClass.objects.all().delete()
    TaxRate.objects.all().delete()
    TaxClass.objects.all().delete()
    found = cart("MUG")
    assert found.adjustments == (Adjustment("delivery", "By post", 395),)
