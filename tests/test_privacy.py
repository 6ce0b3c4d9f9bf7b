"""What the shop holds about a person comes out whole, and goes with them: from tables, cache, sessions and logs."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from search.models import LoggedQuery
from shop.accounts import addresses, privacy
from shop.accounts.models import User
from shop.accounts.privacy import AlreadyRegistered, CannotErase, Holder, PrivacyRegistry
from shop.accounts.tests.factories import PASSWORD, AdminFactory, UserFactory
from shop.catalog.models import ProductPage
from shop.checkout.tests.factories import Buyer
from shop.orders import services as orders
from shop.orders.models import Order, OrderEvent, OrderMail
from shop.payments.models import Payment, ProviderEvent, Refund
from shop.payments.statuses import RefundStatus
from shop.reviews.services import submit
from shop.stock_alerts.models import StockAlert
from tests.factories import make_product

pytestmark = [pytest.mark.database, pytest.mark.django_db, pytest.mark.usefixtures("home_page")]

EMAIL = "zelda.quibble@example.com"
WHO = {"email": EMAIL, "name": "Zelda Quibble", "address_line_1": "77 Wobble Lane", "city": "Quarmby"}
PERSONAL = ["zelda", "quibble", "wobble lane", "quarmby", "hd3 4ab", "7700900123"]


@pytest.fixture
def log_lines() -> Iterator[io.StringIO]:
    """Everything that is logged, as production writes it."""
    from storefront.requests import JsonLogFormatter

    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(JsonLogFormatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lines
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def zelda(monkeypatch: pytest.MonkeyPatch, log_lines: io.StringIO) -> tuple[User, Buyer]:
    """A customer who has left traces everywhere, and her browser."""
    monkeypatch.setattr(transaction, "on_commit", lambda act, using=None, robust=False: act())
    make_product(sku="MUG", title="Stoneware mug", price=1250, stock=10)
    guest = Buyer()
    guest.add("MUG", 2)
    assert guest.check_out(**WHO, postcode="HD3 4AB").status_code == 303
    browser = Buyer()
    browser.post("/account/signup/", {"email": EMAIL, "password1": PASSWORD})
    letter = next(letter for letter in mail.outbox if letter.subject.startswith("Welcome"))
    browser.post(letter.body.split("http://testserver")[1].split()[0])
    user = User.objects.get()
    user.first_name, user.last_name = "Zelda", "Quibble"
    user.save()
    facts = {"name": "Zelda Quibble", "line_1": "77 Wobble Lane", "city": "Quarmby", "postcode": "HD3 4AB"}
    addresses.add_address(user=user, facts={**facts, "country": "GB", "phone": "07700900123"})
    product = ProductPage.objects.get()
    submit(product_id=product.pk, stars=5, words="Lovely.", name="Zelda Q.", email=EMAIL)
    StockAlert.objects.create(sku="MUG", email=EMAIL)
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "Zelda’s phone"})
    browser.post("/wishlist/add/", {"product": product.pk}, headers={"Sec-Fetch-Site": "same-origin"})
    browser.add("MUG", 1)
    LoggedQuery.objects.create(query=f"order of {EMAIL}", last_asked=timezone.localdate())
    order = Order.objects.get()
    orders.record_event(order=order, kind=OrderEvent.Kind.NOTE, message="Zelda Quibble called from 77 Wobble Lane.")
    OrderMail.objects.filter(order=order).update(last_error=f"refused: {EMAIL}")
    Order.objects.update(held_for="Zelda Quibble orders often.")
    payment = order.payments.get()
    facts = {"payer": "Zelda Quibble", "email": EMAIL}
    Payment.objects.update(data=facts, failure="Not her card: Zelda", dispute_reason="zelda")
    ProviderEvent.objects.create(provider="dummy", event_id="evt_1", type="paid", payment=payment, facts=facts)
    Refund.objects.create(
        payment=payment, amount=1, status=RefundStatus.FAILED, reason="Zelda asked.", failure="No account of Quibble."
    )
    admin = Client()
    admin.force_login(AdminFactory(email="boss@example.com"))
    fields = {"email": EMAIL, "first_name": "Zelda", "last_name": "Quibble", "is_active": "on"}
    assert admin.post(f"/admin/users/edit/{user.pk}/", fields).status_code == 302
    return user, browser


def finish(order: Order) -> None:
    orders.fulfil(order_id=order.pk)


def stored_text() -> dict[str, str]:
    """Every value of every table that is text, by table and column, with encrypted ones opened."""
    found: dict[str, str] = {}
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_concrete_fields:
            values = model._base_manager.values_list(field.attname, flat=True)
            found[f"{model._meta.db_table}.{field.column}"] = " | ".join(str(value) for value in values).lower()
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    return {place: text for place, text in found.items() if place.partition(".")[0] in tables}


def traces() -> list[str]:
    """Where something personal still is."""
    places = stored_text()
    places["cache"] = str(dict(getattr(cache, "_cache", {}))).lower()
    return [f"{place}: {word}" for place, text in places.items() for word in PERSONAL if word in text]


def ask_to_erase(browser: Buyer) -> Any:
    asked = browser.get("/account/privacy/erase/")
    browser.post(asked["Location"], {"password": PASSWORD})
    return browser.post("/account/privacy/erase/", {"sure": "on"})


def test_nothing_personal_is_left(zelda: tuple[User, Buyer], log_lines: io.StringIO) -> None:
    user, browser = zelda
    order = Order.objects.get()
    before = (order.total, order.tax_total, order.country, order.quantities)
    paid = list(Payment.objects.values("status", "captured", "reference", "idempotency_key"))
    finish(order)
    assert len(traces()) > 10, "the test sees what is there"
    answer = ask_to_erase(browser)
    assert "Your account is deleted" in answer.content.decode()
    assert traces() == []
    order.refresh_from_db()
    assert (order.total, order.tax_total, order.country, order.quantities) == before
    assert list(Payment.objects.values("status", "captured", "reference", "idempotency_key")) == paid
    assert list(ProviderEvent.objects.values_list("event_id", "facts")) == [("evt_1", {})]
    assert (order.name, order.email, order.customer) == ("Erased", "erased@erased.invalid", None)
    assert not User.objects.filter(pk=user.pk).exists()
    assert browser.get("/account/")["Location"].startswith("/account/login/")
    assert mail.outbox[-1].subject == "Your account is deleted"
    logged = log_lines.getvalue().lower()
    assert "an account was erased" in logged
    assert [word for word in PERSONAL if word in logged] == []


def test_everything_comes_out(zelda: tuple[User, Buyer]) -> None:
    _, browser = zelda
    asked = browser.get("/account/privacy/export/")
    assert asked["Location"].startswith("/account/reauthenticate/")
    answer = browser.post(asked["Location"], {"password": PASSWORD}, follow=True)
    assert answer["Content-Disposition"] == 'attachment; filename="my-data.json"'
    told = json.loads(answer.content)
    assert set(told) >= {"account", "cart", "orders", "payments", "reviews", "stock_alerts", "wishlist"}
    assert told["account"]["email"] == EMAIL
    assert told["account"]["addresses"][0]["line_1"] == "77 Wobble Lane"
    assert told["orders"][0]["address_line_1"] == "77 Wobble Lane"
    assert told["orders"][0]["lines"][0]["sku"] == "MUG"
    assert told["payments"][0]["order"] == told["orders"][0]["number"]
    assert told["reviews"][0]["words"] == "Lovely."
    assert told["wishlist"][0]["product"] == "Stoneware mug"
    assert told["cart"] == {"MUG": 1}
    assert told["stock_alerts"][0]["sku"] == "MUG"
    assert "argon2" not in answer.content.decode()
    assert "password" not in told["account"]


def test_not_while_a_parcel_is_on_its_way(zelda: tuple[User, Buyer]) -> None:
    user, browser = zelda
    number = Order.objects.get().number
    words = f"Your order {number} is not finished."
    assert words in browser.get("/account/privacy/").content.decode()
    with pytest.raises(CannotErase, match=words):
        privacy.erase(user=user)
    assert User.objects.filter(pk=user.pk).exists()


def test_not_while_money_is_owed(zelda: tuple[User, Buyer]) -> None:
    """Whoever sends it back by hand has to know to whom."""
    user, _ = zelda
    order = Order.objects.get()
    finish(order)
    Refund.objects.create(payment=order.payments.get(), amount=1, status=RefundStatus.REQUESTED)
    with pytest.raises(CannotErase, match=f"We still owe you money for your order {order.number}."):
        privacy.erase(user=user)


def test_staff_ask_another_administrator() -> None:
    with pytest.raises(CannotErase, match="Ask another administrator"):
        privacy.erase(user=AdminFactory())


def test_somebody_elses_order_is_not_touched_by_a_claim_of_their_address() -> None:
    """An address that was only typed at the sign-up gives no right to what it left behind."""
    impostor = UserFactory(email=EMAIL)
    assert privacy.person_of(impostor).emails == ()


def test_a_holder_registers_once() -> None:
    registry = PrivacyRegistry()
    holder = Holder(code="x", export=lambda person: {}, erase=lambda person: None)
    registry.register(holder)
    with pytest.raises(AlreadyRegistered):
        registry.register(holder)


def test_pages_for_everyone_are_the_same_for_her(zelda: tuple[User, Buyer]) -> None:
    """A cache in front may keep what anybody was given: it has nothing of hers, and no cookie."""
    _, browser = zelda
    browser.cookies["logged_in"] = "1"
    page = ProductPage.objects.get()
    for path in (page.url, page.get_parent().url, "/", "/no-such-page/"):
        hers, anybodys = browser.get(path), Client().get(path)
        assert hers.content == anybodys.content, path
        assert not hers.cookies
        assert "cookie" not in hers.get("Vary", "").lower()
        assert [word for word in PERSONAL if word in hers.content.decode().lower()] == []
