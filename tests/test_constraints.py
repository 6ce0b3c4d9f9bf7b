"""What the database itself refuses, in every room that keeps stock, orders or money: the last line of defence.

Each line breaks one promise, past all services. ``python -m tests.sensitivity`` takes the constraints away one by one.
"""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from shop.cart.buyer import Buyer
from shop.cart.selectors import build_cart
from shop.catalog.models import BundleComponent, DigitalFile
from shop.checkout.services import place_order
from shop.inventory.models import StockItem, StockLocation
from shop.orders import fulfilment, returns
from shop.orders.models import Carrier, DocumentSeries, Download, Return
from shop.orders.tests.factories import CONTACT
from shop.payments import services as payments
from shop.payments.models import ProviderEvent
from shop.payments.registry import providers
from shop.promotions.tests.factories import make_promotion
from tests.factories import make_product
from tests.fixtures.site import make_home

pytestmark = [pytest.mark.database, pytest.mark.django_db]

ROOMS = ("inventory", "orders", "payments", "promotions", "checkout")
NOW = timezone.now()
Break = Callable[[Any], Any]


@pytest.fixture
def _django_db_helper() -> None:
    """No transaction for each test: that of ``shop`` is around them all."""


@pytest.fixture(scope="module")
def shop(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """An order of two mugs and a set with a coupon: paid, sent in part, one unit coming back, some money returned."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield _shop()
        transaction.set_rollback(True)


def _shop() -> Any:
    make_home()
    for sku in ("MUG", "JUG"):
        make_product(sku=sku, stock=10)
    bundle = make_product(sku="SET", stock=0).variants.get()
    BundleComponent.objects.create(bundle=bundle, sku="JUG", quantity=2, position=0)
    promotion = make_promotion(code="TEN", limit_total=7)
    buyer, items = Buyer(email="ann@example.com", codes=("TEN",)), {"MUG": 2, "SET": 1}
    placed = place_order(
        key=uuid4(),
        items=items,
        buyer=buyer,
        seen=build_cart(items=items, buyer=buyer).fingerprint,
        contact=CONTACT,
        provider=providers()["dummy"],
        provider_data={"card": "approves"},
    )
    order = placed.order
    line, bundled = order.lines.order_by("position")
    shipment = fulfilment.send(order_id=order.pk, quantities={line.pk: 1})
    returned = returns.announce(order_id=order.pk, quantities={line.pk: 1}, reason=Return.Reason.values[0])
    refund = payments.refund(payment_id=placed.payment.pk, amount=100, key=uuid4())
    type(refund).objects.filter(pk=refund.pk).update(reference="re_1")
    refund.refresh_from_db()
    file = DigitalFile.objects.create(sku="MUG", title="Leaflet", file="leaflet.pdf", size=1)
    item = StockItem.objects.get(sku="MUG")
    return SimpleNamespace(
        order=order,
        line=line,
        component=bundled.components.get(),
        tax=order.taxes.get(),
        discount=order.discounts.get(),
        shipment=shipment,
        sent=shipment.lines.get() if shipment else None,
        returned=returned,
        coming=returned.lines.get(),
        invoice=order.documents.get(),
        letter=order.mails.first(),
        download=Download.objects.create(line=line, file=file, title="Leaflet", limit=5, expires_at=timezone.now()),
        carrier=Carrier.objects.create(name="Bicycle"),
        series=DocumentSeries.objects.first(),
        payment=order.payments.get(),
        refund=refund,
        event=ProviderEvent.objects.create(provider="dummy", event_id="evt_1", type="paid"),
        attempt=order.attempt,
        redemption=order.redemptions.get(),
        counter=promotion.counters.get(key="total"),
        promotion=promotion,
        coupon=promotion.coupons.get(),
        item=item,
        level=item.levels.get(),
        sale=item.movements.get(kind="sale"),
        location=StockLocation.objects.get(is_default=True),
    )


def put(name: str, /, **values: Any) -> Break:
    """Write values past the services."""
    return lambda shop: type(getattr(shop, name)).objects.filter(pk=getattr(shop, name).pk).update(**values)


def twice(name: str, /, **changes: Any) -> Break:
    """Store a row a second time; ``changes`` make it differ in what else has to be unique."""

    def store(shop: Any) -> None:
        row = type(getattr(shop, name)).objects.get(pk=getattr(shop, name).pk)
        row.pk, row._state.adding = None, True
        for field, value in changes.items():
            setattr(row, field, value(shop) if callable(value) else value)
        row.save(force_insert=True)

    return store


BREAKS: dict[str, Break] = {
    "stock_default_is_active": put("location", active=False),
    "stock_one_default": twice("location", name="Attic", code="attic"),
    "StockLocation.name": twice("location", code="attic", is_default=False),
    "StockLocation.code": twice("location", name="Attic", is_default=False),
    "StockItem.sku": twice("item"),
    "stock_reserved_not_negative": put("item", reserved=-1),
    "stock_reserved_at_most_on_hand": put("item", reserved=99),
    "stock_level_once": twice("level"),
    "stock_sold_once": twice("sale"),
    "Order.number": twice("order"),
    "order_adds_up": put("order", total=1),
    "order_not_negative": put("order", shipping_tax=-1),
    "order_line_sent_at_most_bought": put("line", fulfilled=3, returned=0, restocked=0),
    "order_line_returned_at_most_sent": put("line", returned=2),
    "order_line_restocked_at_most_back": put("line", restocked=2),
    "order_line_sku_unique": twice("line"),
    "order_line_adds_up": put("line", discount=0, line_total=1),
    "order_line_not_negative": put("line", tax=-1),
    "order_tax_rate_unique": twice("tax"),
    "order_tax_not_negative": put("tax", tax=-1),
    "order_component_sku_unique": twice("component"),
    "order_component_at_least_one": put("component", quantity=0),
    "order_discount_position_unique": twice("discount"),
    "order_discount_not_negative": put("discount", delivery=99_999),
    "Carrier.name": twice("carrier"),
    "fulfilment_position_unique": twice("shipment"),
    "fulfilment_line_once": twice("sent"),
    "fulfilment_line_at_least_one": put("sent", quantity=0),
    "return_position_unique": twice("returned"),
    "return_line_once": twice("coming"),
    "return_line_restocked_at_most_all": put("coming", restocked=9),
    "DocumentSeries.kind": twice("series"),
    "document_sequence_unique": twice("invoice", key="another"),
    "document_once": twice("invoice", sequence=999),
    "document_not_negative": put("invoice", amount=-1),
    "order_mail_once": twice("letter"),
    "Download.code": twice("download", file=None),
    "download_once_per_line": twice("download", code="another"),
    "download_used_at_most_limit": put("download", used=6),
    "Payment.idempotency_key": twice("payment", token="another", reference=""),
    "Payment.token": twice("payment", idempotency_key=uuid4(), reference=""),
    "payment_amounts_in_order": put("payment", captured=0),
    "payment_reference_unique": twice("payment", token="another", idempotency_key=uuid4()),
    "payment_one_open_per_order": lambda shop: [
        twice("payment", token=f"{n}", idempotency_key=uuid4(), reference="", status="pending")(shop) for n in range(2)
    ],
    "Refund.idempotency_key": twice("refund", reference=""),
    "refund_above_zero": put("refund", amount=0),
    "refund_reference_unique": twice("refund", idempotency_key=uuid4()),
    "provider_event_once": twice("event"),
    "CheckoutAttempt.key": twice("attempt", order=None),
    "CheckoutAttempt.order": twice("attempt", key=uuid4()),
    "Coupon.code": twice("coupon"),
    "coupon_uses_at_least_1": put("coupon", max_uses=0),
    "promotion_ends_after_start": put("promotion", starts_at=NOW, ends_at=NOW),
    "promotion_spend_not_negative": put("promotion", minimum_spend=-1),
    "redemption_once_per_order": twice("redemption"),
    "redemption_not_negative": put("redemption", amount=-1),
    "usage_counter_unique": twice("counter"),
    "usage_within_limit": put("counter", used=8),
}


def declared() -> dict[str, tuple[type[models.Model], Any]]:
    """Every constraint and every unique column of these rooms: its name, model, and itself."""
    found: dict[str, tuple[type[models.Model], Any]] = {}
    for model in (model for room in ROOMS for model in apps.get_app_config(room).get_models()):
        found |= {each.name: (model, each) for each in model._meta.constraints}
        own = (field for field in model._meta.local_fields if field.unique and not field.primary_key)
        found |= {f"{model.__name__}.{field.name}": (model, field) for field in own if field.name != "site"}
    return found


def test_every_promise_has_a_line_here() -> None:
    assert sorted(declared()) == sorted(BREAKS)


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_refuses(name: str, shop: Any) -> None:
    word = name.partition(".")[2] or name
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        BREAKS[name](shop)
    # SQLite names the columns of what is to be unique, not the constraint.
    assert word in str(refused.value) or (connection.vendor == "sqlite" and "UNIQUE" in str(refused.value))
