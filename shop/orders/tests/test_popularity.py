"""What sells moves up in listings, and down again when its sales grow old."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks
from wagtail.models import Page

from shop.catalog import listing
from shop.catalog.models import ListingRow, ProductPage, Variant
from shop.orders import services
from shop.orders.models import Order
from shop.orders.popularity import refresh_popularity, units_sold
from shop.orders.tests.factories import make_line, make_order
from tests.factories import add_variant, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def _site(home_page: Page) -> None:
    """Products have addresses."""


def product_of(sku: str) -> ProductPage:
    return Variant.objects.get(sku=sku).product


def test_units_of_paid_orders_count_for_the_product(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    mug = make_product(sku="MUG-S")
    add_variant(mug, sku="MUG-L", options=[("Size", "L")])
    with django_capture_on_commit_callbacks(execute=True):
        paid = make_order(make_line("MUG-S", quantity=2), make_line("MUG-L"), make_line("BOWL"))
        services.mark_paid(order_id=paid.pk)
        services.fulfil(order_id=services.mark_paid(order_id=make_order(make_line("MUG-S")).pk).pk)
        make_order(make_line("MUG-S"))
        given_up = make_order(make_line("MUG-S", quantity=4))
        services.mark_paid(order_id=given_up.pk)
        services.cancel(order_id=given_up.pk)
    bowl = product_of("BOWL")
    assert units_sold([mug.pk, bowl.pk, 999_999]) == {mug.pk: 4, bowl.pk: 1}
    listing.refresh([mug.pk])
    assert ListingRow.objects.get(product=mug).popularity == 4


def test_sales_grow_old(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> None:
    order = make_order(make_line("MUG", quantity=3))
    services.mark_paid(order_id=order.pk)
    assert refresh_popularity() == 1
    row = ListingRow.objects.get(product=product_of("MUG"))
    assert row.popularity == 3
    assert refresh_popularity() == 0
    Order.objects.update(paid_at=timezone.now() - timedelta(days=91))
    out = StringIO()
    call_command("refresh_popularity", stdout=out)
    row.refresh_from_db()
    assert (row.popularity, out.getvalue()) == (0, "1 products changed\n")


def test_popularity_costs_two_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    services.mark_paid(order_id=make_order(make_line("MUG")).pk)
    ids = [make_product().pk for _ in range(20)]
    with django_assert_max_num_queries(2):
        units_sold(ids)
