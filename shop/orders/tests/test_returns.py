"""Returns: never more than was sent, decided per unit, in steps that cannot be taken twice."""

import pytest

from shop.accounts.tests.factories import UserFactory
from shop.inventory.models import StockItem, StockMovement
from shop.orders import returns, services
from shop.orders.drafts import ComponentDraft
from shop.orders.models import Order, OrderLine, Return
from shop.orders.statuses import OrderRefused
from shop.orders.tests.factories import broken_rules, make_line, make_order, paid_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(home_page: object) -> Order:
    """Three mugs, sent."""
    return services.fulfil(order_id=paid_order(make_line("MUG", quantity=3)).pk)


def line_of(order: Order, sku: str = "MUG") -> OrderLine:
    return order.lines.get(sku=sku)


def on_hand() -> int:
    return StockItem.objects.get(sku="MUG").on_hand


def announce(order: Order, units: int = 2, sku: str = "MUG") -> Return:
    return returns.announce(order_id=order.pk, quantities={line_of(order, sku).pk: units}, reason="damaged")


def test_from_the_announcement_to_the_end(order: Order) -> None:
    clerk = UserFactory()
    returned = announce(order)
    assert (returned.state, returned.units, line_of(order).returned, on_hand()) == ("requested", 2, 2, 7)
    part = returned.lines.get()
    returns.receive(return_id=returned.pk, restock={part.pk: 1}, note="One is chipped", actor=clerk)
    part.refresh_from_db()
    assert (part.restocked, part.written_off, line_of(order).restocked, on_hand()) == (1, 1, 1, 8)
    movement = StockMovement.objects.get(kind="return")
    assert (movement.quantity, movement.reference, movement.reason, movement.created_by) == (
        1,
        order.number,
        "Returned",
        clerk,
    )
    closed = returns.close(return_id=returned.pk, actor=clerk)
    assert (closed.state, closed.closed_at is not None) == (Return.State.CLOSED, True)
    assert [event.message for event in order.events.filter(kind="return")] == [
        "Return 1 comes back: 2 × MUG, arrived damaged.",
        "Return 1 received: 1 × MUG back on the shelf. 1 × MUG written off. One is chipped",
        "Return 1 closed.",
    ]
    assert broken_rules() == []


def test_what_never_came_counts_as_sent(order: Order) -> None:
    returned = announce(order, 3)
    assert line_of(order).returnable == 0
    returns.drop(return_id=returned.pk)
    assert (line_of(order).returnable, on_hand()) == (3, 7)
    assert announce(order, 3).position == 2
    assert broken_rules() == []


@pytest.mark.parametrize("units", [0, -1, 4, 2**63])
def test_never_more_than_was_sent(order: Order, units: int) -> None:
    with pytest.raises(OrderRefused):
        announce(order, units)
    assert (order.returns.count(), line_of(order).returned) == (0, 0)


def test_the_sum_of_all_returns_is_held(order: Order) -> None:
    announce(order, 2)
    with pytest.raises(OrderRefused, match="2 is not possible: 1 of Product MUG were sent and not returned"):
        announce(order, 2)


def test_nothing_comes_back_that_was_not_sent(home_page: object) -> None:
    with pytest.raises(OrderRefused):
        announce(paid_order(), 1)


def test_no_step_twice(order: Order) -> None:
    returned = announce(order)
    with pytest.raises(OrderRefused, match="“On its way”"):
        returns.close(return_id=returned.pk)
    returns.receive(return_id=returned.pk)
    for step in (returns.receive, returns.drop):
        with pytest.raises(OrderRefused, match="“Received” by now"):
            step(return_id=returned.pk)
    assert on_hand() == 9


@pytest.mark.parametrize("kept", [3, -1])
def test_no_more_is_kept_than_came(order: Order, kept: int) -> None:
    returned = announce(order)
    with pytest.raises(OrderRefused):
        returns.receive(return_id=returned.pk, restock={returned.lines.get().pk: kept})
    returned.refresh_from_db()
    assert (returned.state, on_hand()) == ("requested", 7)


def test_a_bundle_comes_back_as_its_parts(home_page: object) -> None:
    make_order(make_line("MUG"))  # so that there is stock of it: 10, one reserved
    parts = (ComponentDraft("MUG", "Mug", "", 2),)
    order = services.fulfil(order_id=paid_order(make_line("SET", quantity=2, components=parts)).pk)
    assert on_hand() == 6
    returns.receive(return_id=announce(order, 1, "SET").pk)
    assert on_hand() == 8
    assert broken_rules() == []
