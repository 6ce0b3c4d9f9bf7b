"""Selling what has still to come: pre-orders, and selling on while the shelf is empty."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from shop.cart.selectors import build_cart
from shop.catalog.models import BundleComponent, ListingRow
from shop.catalog.offers import Availability, registry
from shop.checkout.ledger import violations
from shop.inventory import services
from shop.inventory.models import StockItem
from shop.inventory.selectors import availability, low_items
from shop.inventory.services import OutOfStock, StockError
from shop.inventory.tests.factories import LocationFactory, StockItemFactory
from tests.factories import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]

SOON = date(2030, 5, 1)


def numbers(sku: str) -> tuple[int, int]:
    item = StockItem.objects.get(sku=sku)
    return item.on_hand, item.reserved


def item(on_hand: int = 2, limit: int = 3, expected_on: date | None = None) -> StockItem:
    StockItemFactory(sku="MUG", on_hand=on_hand)
    return services.set_backorders(sku="MUG", limit=limit, expected_on=expected_on)


class TestPromises:
    def test_so_many_more_are_sold_and_not_one_beyond(self) -> None:
        item()
        services.reserve({"MUG": 5})
        with pytest.raises(OutOfStock) as refused:
            services.reserve({"MUG": 1})
        assert refused.value.shortages[0].available == 0
        services.commit_sale({"MUG": 5}, "C-1")
        assert numbers("MUG") == (-3, 0)
        assert [str(each) for each in violations()] == []

    def test_what_comes_in_pays_what_is_owed_first(self) -> None:
        item()
        services.reserve({"MUG": 4})
        services.commit_sale({"MUG": 4}, "C-1")
        services.receive(sku="MUG", quantity=10)
        assert numbers("MUG") == (8, 0)
        assert availability(["MUG"])["MUG"] == Availability(11, 8)
        assert violations() == []

    def test_the_database_holds_the_limit_as_well(self) -> None:
        found = item()
        with pytest.raises(IntegrityError), transaction.atomic():
            StockItem.objects.filter(pk=found.pk).update(reserved=6)

    def test_the_limit_cannot_fall_below_what_is_promised(self) -> None:
        item()
        services.reserve({"MUG": 4})
        with pytest.raises(StockError, match="2 of MUG are sold beyond stock already"):
            services.set_backorders(sku="MUG", limit=1)
        assert services.set_backorders(sku="MUG", limit=2).backorder_limit == 2

    def test_nobody_writes_off_what_is_not_there(self) -> None:
        item()
        with pytest.raises(StockError, match="cannot fall below 0"):
            services.adjust(sku="MUG", quantity=-3)
        assert numbers("MUG") == (2, 0)

    def test_what_is_owed_is_not_counted_away(self) -> None:
        item(on_hand=0)
        services.reserve({"MUG": 2})
        services.commit_sale({"MUG": 2}, "C-1")
        with pytest.raises(StockError, match="2 of MUG are sold and have still to come"):
            services.set_on_hand(sku="MUG", on_hand=0)

    def test_what_is_owed_at_one_place_and_lies_at_another_is_moved_before_the_limit_goes(self) -> None:
        item(on_hand=0)
        services.reserve({"MUG": 2})
        services.commit_sale({"MUG": 2}, "C-1")
        other = LocationFactory()
        services.receive(sku="MUG", quantity=2, location=other)
        with pytest.raises(StockError, match="below 0 at a location"):
            services.set_backorders(sku="MUG", limit=0)
        assert violations() == []

    def test_a_cancelled_order_gives_its_units_back(self) -> None:
        item(on_hand=0)
        services.reserve({"MUG": 2})
        services.release({"MUG": 2})
        assert numbers("MUG") == (0, 0)

    def test_it_is_low_when_little_is_here_whatever_may_be_sold(self) -> None:
        item(on_hand=1, limit=50)
        services.set_reorder_point(sku="MUG", units=1)
        assert [each.sku for each in low_items()] == ["MUG"]


class TestWords:
    @pytest.mark.parametrize(
        ("found", "quantity", "text"),
        [
            (Availability(None), 5, ""),
            (Availability(3), 3, ""),
            (Availability(5, 2), 2, ""),
            (Availability(5, 2), 3, "2 are here, the others are on order."),
            (Availability(5, 1, SOON), 3, "1 is here, the others are expected on 1 May 2030."),
            (Availability(5, 0), 1, "On order. We send it as soon as it is here."),
            (Availability(5, 0, SOON), 1, "Expected on 1 May 2030. We send it as soon as it is here."),
            (Availability(5, 0, date(2020, 1, 1)), 1, "On order. We send it as soon as it is here."),
        ],
    )
    def test_what_a_buyer_of_so_many_reads(self, found: Availability, quantity: int, text: str) -> None:
        assert found.wait_text(quantity) == text

    def test_a_day_that_has_come_is_no_preorder(self) -> None:
        today = timezone.localdate()
        assert [Availability(5, 0, today + timedelta(days=days)).is_preorder for days in (0, 1)] == [False, True]


class TestShop:
    def test_the_page_takes_pre_orders_and_says_when_it_comes(self, client: Client, home_page: object) -> None:
        product = make_product(sku="MUG", stock=0)
        services.set_backorders(sku="MUG", limit=5, expected_on=SOON)
        page = client.get(product.url).content.decode()
        assert "Pre-order</button>" in page
        assert "Expected on 1 May 2030. We send it as soon as it is here." in page
        assert "https://schema.org/PreOrder" in page

    def test_without_a_day_it_is_on_order(self, client: Client, home_page: object) -> None:
        product = make_product(sku="MUG", stock=0)
        services.set_backorders(sku="MUG", limit=5)
        page = client.get(product.url).content.decode()
        assert "Add to cart</button>" in page
        assert "https://schema.org/BackOrder" in page

    def test_the_cart_says_what_is_here_and_agreeing_to_less_is_agreeing_again(self, home_page: object) -> None:
        make_product(sku="MUG", stock=2)
        services.set_backorders(sku="MUG", limit=5, expected_on=SOON)
        seen = build_cart(items={"MUG": 3})
        assert seen.lines[0].note == "2 are here, the others are expected on 1 May 2030."
        assert (seen.can_check_out, seen.lines[0].max_quantity) == (True, 7)
        services.reserve({"MUG": 1})
        assert build_cart(items={"MUG": 3}).fingerprint != seen.fingerprint

    def test_a_bundle_waits_for_the_part_that_is_not_here(self, home_page: object) -> None:
        bundle = make_product(title="Set", sku="SET", stock=0).variants.get()
        for sku, units in (("MUG", 0), ("JUG", 9)):
            make_product(title=sku.title(), sku=sku, stock=units)
            BundleComponent.objects.create(bundle=bundle, sku=sku, quantity=2)
        services.set_backorders(sku="MUG", limit=5)
        (offer,) = registry.offers([bundle])
        assert offer.availability == Availability(2, 0)

    def test_listings_offer_it_again(
        self, home_page: object, django_capture_on_commit_callbacks: pytest.FixtureRequest
    ) -> None:
        product = make_product(sku="MUG", stock=0)
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            services.set_backorders(sku="MUG", limit=1)
        assert ListingRow.objects.get(product=product).available
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            services.reserve({"MUG": 1})
        assert not ListingRow.objects.get(product=product).available


class TestScreen:
    def test_staff_set_limit_and_day(self, admin_client: Client) -> None:
        found = StockItemFactory(sku="MUG", on_hand=0)
        url = reverse("inventory_item", args=[found.pk])
        data = {"reorder": "1", "reorder_point": "2", "backorder_limit": "5", "expected_on": "2030-05-01"}
        assert admin_client.post(url, data).status_code == 302
        found.refresh_from_db()
        assert (found.reorder_point, found.backorder_limit, found.expected_on) == (2, 5, SOON)
        page = admin_client.get(url).content.decode()
        assert "(5 of them beyond stock)" in page
        assert date_format(SOON, "Y-m-d") in page

    def test_a_refusal_stands_at_its_field_and_nothing_is_stored(self, admin_client: Client) -> None:
        found = item()
        services.reserve({"MUG": 4})
        answer = admin_client.post(
            reverse("inventory_item", args=[found.pk]), {"reorder": "1", "reorder_point": "2", "backorder_limit": "0"}
        )
        assert (answer.status_code, "sold beyond stock already" in answer.content.decode()) == (422, True)
        found.refresh_from_db()
        assert (found.reorder_point, found.backorder_limit) == (None, 3)
