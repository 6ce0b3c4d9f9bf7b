"""Nobody empties the shop by ordering without paying."""

from typing import Any

import pytest

from shop.checkout.tests.factories import INVOICE, Buyer, stock
from shop.orders.models import Order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def few(settings: Any) -> None:
    settings.CHECKOUT_ATTEMPTS_PER_HOUR = 6


def test_one_visitor(buyer: Buyer) -> None:
    for _ in range(2):
        assert buyer.check_out(**INVOICE).status_code == 303
        buyer.add("MUG", 1)
    orders, before = Order.objects.count(), stock()
    refused = buyer.check_out(**INVOICE)
    assert refused.status_code == 429
    text = refused.content.decode()
    assert "Nothing was ordered or taken now. Please try again in" in text
    assert 'value="ann@example.com"' in text, "what was typed is still there"
    assert (Order.objects.count(), stock()) == (orders, before)


def test_one_address_with_many_faces(home_page: object, buyer: Buyer) -> None:
    statuses = []
    for _ in range(8):
        face = Buyer()
        face.add("MUG", 1)
        statuses.append(face.check_out(**INVOICE).status_code)
    assert statuses == [303] * 6 + [429] * 2


def test_the_same_press_of_the_button_is_no_new_attempt(buyer: Buyer) -> None:
    form = buyer.form(**INVOICE)
    statuses = [buyer.post("/checkout/", form).status_code for _ in range(8)]
    assert statuses == [303] * 8
    assert Order.objects.count() == 1


def test_a_form_with_mistakes_is_no_attempt(buyer: Buyer) -> None:
    for _ in range(8):
        assert buyer.check_out(email="nonsense").status_code == 200
    assert buyer.check_out().status_code == 303
