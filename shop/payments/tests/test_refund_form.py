"""Staff give money back: what goes back is exact, never above what was taken, once for each form."""

import uuid
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from shop.accounts.tests.factories import AdminFactory
from shop.orders import fulfilment, returns
from shop.orders.documents.content import invoice_context, render_invoice
from shop.orders.drafts import DeliveryDraft, LineDraft, RateDraft
from shop.orders.links import order_path
from shop.orders.models import Order, OrderLine
from shop.orders.tests.factories import make_line, make_order
from shop.payments.models import Payment, Refund
from shop.payments.refund_form import paid_for
from shop.payments.tests.factories import paid, stock

pytestmark = pytest.mark.django_db
Capture = Callable[..., Any]


@pytest.fixture
def admin(home_page: object, client: Client) -> Client:
    client.force_login(AdminFactory(first_name="Bo", last_name="Boss"))
    return client


@pytest.fixture
def order(home_page: object) -> Order:
    """Three mugs for 37.50 and delivery for 3.95, paid."""
    payment: Payment = paid(order=make_order(make_line("MUG", quantity=3)))
    payment.order.refresh_from_db()
    return payment.order


def url(order: Order) -> str:
    return reverse("order:action", args=[order.pk, "refund"])


def fields(order: Order, units: int = 0, **others: str) -> dict[str, str]:
    return {f"units_{order.lines.get().pk}": str(units), "reason": "Chipped", "key": str(uuid.uuid4()), **others}


class TestAmounts:
    @pytest.mark.parametrize(
        ("units", "others", "amount"),
        [
            (1, {}, 1250),
            (3, {}, 3750),
            (3, {"delivery": "on"}, 4145),
            (0, {"delivery": "on"}, 395),
            (0, {"amount": "5"}, 500),
            (0, {"amount": "0.01"}, 1),
            (2, {"amount": "20.00"}, 2000),
            (0, {"amount": "41.45"}, 4145),
        ],
    )
    def test_what_goes_back(
        self,
        admin: Client,
        order: Order,
        units: int,
        others: dict[str, str],
        amount: int,
        django_capture_on_commit_callbacks: Capture,
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            answer = admin.post(url(order), fields(order, units, **others))
        assert answer.status_code == 302
        assert Refund.objects.get().amount == Payment.objects.get().refunded == amount
        note = order.documents.get(kind="credit_note")
        assert (note.amount, note.reason) == (amount, "Chipped")
        call_command("check_ledger")

    @pytest.mark.parametrize(
        ("units", "others", "by_rate", "rows"),
        [
            ({"BOOK": 1}, {}, {"0": 1000}, [(0, 1000, 0)]),
            ({"MUG": 1}, {"delivery": "on"}, {"0": 100, "2000": 1545}, [(2000, 1287, 258), (0, 100, 0)]),
            ({"MUG": 1}, {"amount": "6"}, {"2000": 600}, [(2000, 500, 100)]),
            # Nobody has said what for: in proportion to what was paid.
            ({}, {"amount": "13.22"}, None, [(2000, 643, 129), (0, 550, 0)]),
        ],
    )
    def test_the_credit_note_has_the_tax_of_what_went_back(
        self,
        admin: Client,
        home_page: object,
        units: dict[str, int],
        others: dict[str, str],
        by_rate: Any,
        rows: list[tuple[int, int, int]],
        django_capture_on_commit_callbacks: Capture,
    ) -> None:
        book = LineDraft("BOOK", "Book", "", unit_price=1000, quantity=1, tax_rate=0, tax=0)
        taxes = (RateDraft(2000, 246, 49), RateDraft(0, 100, 0))
        delivery = DeliveryDraft("By post", 395, tax_rate=1416, tax=49, taxes=taxes)
        order = make_order(make_line("MUG"), book, delivery=delivery)
        paid(order=order)
        names = {f"units_{line.pk}": str(units.get(line.sku, 0)) for line in order.lines.all()}
        with django_capture_on_commit_callbacks(execute=True):
            admin.post(url(order), {**names, "reason": "Chipped", "key": str(uuid.uuid4()), **others})
        note = order.documents.get(kind="credit_note")
        assert note.by_rate == by_rate
        assert [(row.rate, row.net, row.tax) for row in invoice_context(note)["rates"]] == rows
        assert sum(net + tax for _, net, tax in rows) == note.amount
        invoice = render_invoice(order.documents.get(kind="invoice"))
        assert "mixed" in invoice

    @pytest.mark.parametrize(
        ("units", "others", "words"),
        [
            (0, {}, "Choose units or delivery, or write an amount."),
            (4, {}, "At most 3."),
            (0, {"amount": "41.46"}, "at most £41.45 of this payment can still go back"),
            (0, {"amount": "0"}, "Write an amount above zero."),
            (0, {"amount": "-1"}, "Write an amount above zero."),
            (0, {"amount": "1.001"}, "has more than 2 decimal places"),
            (0, {"amount": "NaN"}, "is not an amount of money. Write it like 12.50."),
            (0, {"amount": "9" * 20}, "is too large"),
            # Never taken for thirteen hundred pounds, or for thirty-seven hundred.
            (0, {"amount": "1,30"}, "Write it like 1.30."),
            (0, {"amount": "3,700"}, "Write it like 3700."),
            (0, {"amount": "5", "delivery": "on"}, "not both"),
            (1, {"reason": ""}, "This field is required."),
            (1, {"key": "x"}, ""),
        ],
    )
    def test_what_does_not(self, admin: Client, order: Order, units: int, others: dict[str, str], words: str) -> None:
        answer = admin.post(url(order), fields(order, units, **others))
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert Refund.objects.count() == 0

    def test_the_buyers_page_says_that_all_has_gone_back(
        self, admin: Client, order: Order, django_capture_on_commit_callbacks: Capture
    ) -> None:
        fulfilment.send(order_id=order.pk)
        assert "On its way, Ann Archer" in Client().get(order_path(order=order)).content.decode()
        with django_capture_on_commit_callbacks(execute=True):
            admin.post(url(order), fields(order, 3, delivery="on"))
        page = Client().get(order_path(order=order)).content.decode()
        assert "Your money has gone back, Ann Archer" in page
        assert "On its way" not in page

    def test_never_more_than_is_left(self, admin: Client, order: Order) -> None:
        admin.post(url(order), fields(order, 3))
        answer = admin.post(url(order), fields(order, 1))
        assert "That would be £12.50, but at most £3.95 of this payment can still go back." in answer.content.decode()
        assert Refund.objects.count() == 1

    @given(total=st.integers(0, 10**9), quantity=st.integers(1, 200))
    def test_units_come_to_the_line(self, total: int, quantity: int) -> None:
        line = OrderLine(line_total=total, quantity=quantity)
        parts = [paid_for(line, units) for units in range(quantity + 1)]
        assert (parts[0], parts[-1]) == (0, total)
        assert all(0 <= after - before <= total // quantity + 1 for before, after in pairwise(parts))


def test_what_was_taken_and_what_can_still_go_back_is_said(admin: Client, order: Order) -> None:
    admin.post(url(order), fields(order, 1))
    page = BeautifulSoup(admin.get(url(order)).content, "html.parser")
    # The others are for the script.
    shown = page.select(".order__sums dl > div:not([hidden])")
    assert [row.get_text(" ", strip=True) for row in shown] == [
        "Taken £41.45",
        "Given back before £12.50",
        "Can still go back £28.95",
    ]


def test_a_form_sent_twice_refunds_once(admin: Client, order: Order) -> None:
    data = fields(order, 1, take_off="shelf")
    for _ in range(2):
        admin.post(url(order), data)
    assert Refund.objects.count() == 1
    assert order.lines.get().withdrawn == 1
    assert stock() == (8, 0)


def test_units_that_were_not_sent_come_off(admin: Client, order: Order) -> None:
    line = order.lines.get()
    fulfilment.send(order_id=order.pk, quantities={line.pk: 2})
    refused = admin.post(url(order), fields(order, 2, take_off="gone"))
    assert "Some of these units have been sent" in refused.content.decode()
    admin.post(url(order), fields(order, 1, take_off="gone"))
    order.refresh_from_db()
    assert (order.status, order.lines.get().withdrawn, stock()) == ("fulfilled", 1, (7, 0))


def test_of_a_return_its_units_are_filled_in(admin: Client, order: Order) -> None:
    line = order.lines.get()
    fulfilment.send(order_id=order.pk)
    returned = returns.announce(order_id=order.pk, quantities={line.pk: 2}, reason="damaged")
    form = admin.get(url(order), {"return": str(returned.pk)}).context["form"]
    assert (form.initial[f"units_{line.pk}"], form.initial["reason"]) == (2, "Arrived damaged (return 1)")
    for nonsense in ("x", "", "999", "9" * 30):
        assert admin.get(url(order), {"return": nonsense}).status_code == 200


def test_each_refund_has_one_letter(admin: Client, order: Order, django_capture_on_commit_callbacks: Capture) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(url(order), fields(order, 1))
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(url(order), fields(order, 0, amount="2.50"))
    letters = [letter for letter in mail.outbox if "goes back to you" in letter.subject]
    assert [letter.subject for letter in letters] == [
        f"£12.50 of your order {order.number} goes back to you",
        f"£2.50 of your order {order.number} goes back to you",
    ]
    assert "Chipped" in letters[0].body


def test_nothing_is_offered_where_nothing_was_paid(admin: Client) -> None:
    answer = admin.get(url(make_order()), follow=True)
    assert "That is no longer possible" in answer.content.decode()
