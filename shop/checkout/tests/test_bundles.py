"""Selling bundles: the components leave the shelf, once, and come back when the order does not stand."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from shop.cart.selectors import build_cart
from shop.catalog.bundles import set_components
from shop.catalog.models import Variant
from shop.checkout import ledger
from shop.checkout.tests.factories import CONFIRMS, INVOICE, Buyer, stock
from shop.inventory import services as inventory
from shop.inventory.models import StockMovement
from shop.orders import services as orders
from shop.orders.models import Order, OrderLineComponent
from shop.orders.statuses import Status
from shop.payments import reconcile
from shop.payments.models import Payment
from tests.factories import make_product

pytestmark = pytest.mark.database
Threads = Callable[[int, Callable[[int], Any]], list[Any]]


def make_set(sku: str, **quantities: int) -> None:
    make_product(title=f"Bundle {sku}", sku=sku, price=3000, stock=0)
    set_components(variant=Variant.objects.get(sku=sku), quantities=quantities)


@pytest.fixture
def shelf(home_page: object) -> None:
    make_product(title="Mug", sku="MUG", price=1250, stock=9)
    make_product(title="Plate", sku="PLATE", price=1500, stock=6)
    make_set("SET", MUG=2, PLATE=1)


def problems(**items: int) -> dict[str, str]:
    return {line.sku: str(line.problem) for line in build_cart(items=items).problems}


@pytest.mark.django_db
def test_a_bundle_costs_its_own_price_and_names_its_parts(shelf: None) -> None:
    (line,) = build_cart(items={"SET": 2}).lines
    assert (line.unit_price, line.line_total, line.max_quantity) == (3000, 6000, 4)
    assert [(part.quantity, part.title) for part in line.parts] == [(2, "Mug"), (1, "Plate")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ({"SET": 4, "MUG": 1}, {}),
        ({"SET": 5}, {"SET": "Only 4 are left."}),
        ({"SET": 4, "MUG": 2}, {"MUG": "There is only one left beside what else is in your cart."}),
        ({"MUG": 8, "SET": 1}, {"SET": "There is none left beside what else is in your cart."}),
        ({"MUG": 4, "SET": 3}, {"SET": "There are only 2 left beside what else is in your cart."}),
        ({"MUG": 10, "PLATE": 1}, {"MUG": "Only 9 are left."}),
    ],
)
def test_lines_that_want_the_same_stock_know_of_each_other(
    shelf: None, items: dict[str, int], expected: dict[str, str]
) -> None:
    assert problems(**items) == expected


@pytest.mark.django_db
def test_two_bundles_share_a_component(shelf: None) -> None:
    make_set("PAIR", MUG=2)
    assert problems(SET=3, PAIR=1) == {}
    assert problems(SET=3, PAIR=2) == {"PAIR": "There is only one left beside what else is in your cart."}


@pytest.mark.django_db
def test_the_components_are_sold_and_the_order_remembers_them(shelf: None) -> None:
    buyer = Buyer()
    buyer.add("SET", 2)
    buyer.add("MUG", 1)
    buyer.check_out()
    order = Order.objects.get()
    assert order.status == Status.PAID
    assert order.quantities == {"SET": 2, "MUG": 1}
    assert order.stock_quantities == {"MUG": 5, "PLATE": 2}
    assert (stock("MUG"), stock("PLATE"), buyer.cart) == ((4, 0), (4, 0), {})
    sold = StockMovement.objects.filter(kind="sale").values_list("item__sku", "quantity")
    assert dict(sold) == {"MUG": -5, "PLATE": -2}
    # What the bundle is made of from now on does not change what was sold.
    set_components(variant=Variant.objects.get(sku="SET"), quantities={"PLATE": 1})
    assert list(OrderLineComponent.objects.values_list("sku", "title", "quantity")) == [
        ("MUG", "Mug", 4),
        ("PLATE", "Plate", 2),
    ]
    assert ledger.violations() == []


@pytest.mark.django_db
def test_the_buyer_and_staff_read_what_is_in_it(
    shelf: None, admin_client: Any, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    buyer = Buyer()
    buyer.add("SET", 2)
    assert "2 × Mug" in buyer.get("/cart/").content.decode()
    form = buyer.form()
    with django_capture_on_commit_callbacks(execute=True):
        answer = buyer.post("/checkout/", form)
    assert "4 × Mug" in buyer.get(answer.headers["Location"]).content.decode()
    assert "4 × Mug" in mail.outbox[0].body
    order = Order.objects.get()
    assert "4 × Mug (MUG)" in admin_client.get(f"/admin/order/{order.pk}/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("paid", [True, False])
def test_a_cancelled_order_puts_the_components_back(shelf: None, paid: bool) -> None:
    buyer = Buyer()
    buyer.add("SET", 2)
    buyer.check_out(**({} if paid else INVOICE))
    order = Order.objects.get()
    if not paid:
        assert stock("MUG") == (9, 4)
        orders.cancel(order_id=order.pk)
        Payment.objects.update(status="cancelled")
    else:
        assert stock("MUG") == (5, 0)
        orders.cancel(order_id=order.pk)
        Payment.objects.update(status="refund_due")
    assert (stock("MUG"), stock("PLATE")) == ((9, 0), (6, 0))
    assert ledger.violations() == []


@pytest.mark.django_db
def test_who_comes_back_from_the_bank_still_has_the_last_set(shelf: None) -> None:
    inventory.set_on_hand(sku="MUG", on_hand=2)
    buyer = Buyer()
    buyer.add("SET", 1)
    buyer.check_out(**CONFIRMS)
    assert stock("MUG") == (2, 2)
    page = buyer.get("/cart/")
    assert page.context["cart"].can_check_out
    assert buyer.check_out().status_code == 303
    assert Order.objects.filter(status=Status.PAID).count() == 1
    assert ledger.violations() == []


@pytest.mark.django_db
def test_changed_contents_are_shown_before_anything_is_ordered(shelf: None) -> None:
    buyer = Buyer()
    buyer.add("SET", 1)
    form = buyer.form()
    set_components(variant=Variant.objects.get(sku="SET"), quantities={"MUG": 1})
    assert buyer.post("/checkout/", form).status_code == 409
    assert not Order.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_oversold_when_bundles_and_components_are_wanted_at_once(
    home_page: object, in_threads: Threads
) -> None:
    """Sets, loose mugs and loose plates, each with the other order of rows: no oversale, no deadlock."""
    make_product(sku="PLATE", stock=7)
    make_product(sku="MUG", stock=10)
    make_set("SET", MUG=2, PLATE=1)
    make_set("TES", PLATE=1, MUG=2)
    carts = [{"SET": 1}, {"TES": 1, "MUG": 1}, {"PLATE": 1, "MUG": 1}] * 8
    buyers = []
    for number, cart in enumerate(carts):
        buyer = Buyer()
        for sku, quantity in cart.items():
            buyer.add(sku, quantity)
        buyers.append((buyer, buyer.form(email=f"buyer{number}@example.com")))
    answers = in_threads(len(buyers), lambda number: buyers[number][0].post("/checkout/", buyers[number][1]))
    assert {answer.status_code for answer in answers} == {303}
    sold = Counter[str]()
    for order in Order.objects.filter(status=Status.PAID):
        sold.update(order.stock_quantities)
    (mugs, _), (plates, _) = stock("MUG"), stock("PLATE")
    assert (mugs, plates) == (10 - sold["MUG"], 7 - sold["PLATE"])
    assert mugs == 0 or plates == 0 or mugs == 1
    assert ledger.violations() == []


@pytest.mark.django_db(transaction=True)
def test_cancelling_and_buying_at_once_loses_nothing(home_page: object, in_threads: Threads) -> None:
    make_product(sku="PLATE", stock=20)
    make_product(sku="MUG", stock=40)
    make_set("SET", MUG=2, PLATE=1)
    paid = []
    for _ in range(6):
        buyer = Buyer()
        buyer.add("SET", 1)
        buyer.check_out()
        paid.append(Order.objects.order_by("-pk")[0].pk)
    waiting = []
    for number in range(6):
        buyer = Buyer()
        buyer.add("SET", 1)
        waiting.append((buyer, buyer.form(email=f"late{number}@example.com")))

    def work(number: int) -> None:
        if number % 2:
            orders.cancel(order_id=paid[number // 2])
        else:
            buyer, form = waiting[number // 2]
            assert buyer.post("/checkout/", form).status_code == 303

    in_threads(12, work)
    Payment.objects.filter(order__in=paid).update(status="refund_due")
    assert (stock("MUG"), stock("PLATE")) == ((28, 0), (14, 0))
    assert ledger.violations() == []


@pytest.mark.django_db
def test_the_sweeper_releases_the_components(shelf: None) -> None:
    buyer = Buyer()
    buyer.add("SET", 1)
    buyer.check_out(**CONFIRMS)
    Payment.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    reconcile.expire_payments()
    assert (stock("MUG"), stock("PLATE")) == ((9, 0), (6, 0))
    assert ledger.violations() == []
