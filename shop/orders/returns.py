"""What comes back: announced, received with a decision about each unit, closed. Money is moved by the room above.

Every function locks the order first. A return takes its units off what can be returned as soon as it is announced, so
that the sums of all returns never exceed what was sent.
"""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from shop.accounts.models import User
from shop.orders import restocking
from shop.orders.history import record_event
from shop.orders.locks import lock_order
from shop.orders.models import Order, OrderEvent, OrderLine, Return, ReturnLine
from shop.orders.statuses import OrderRefused


@transaction.atomic
def announce(
    *, order_id: int, quantities: Mapping[int, int], reason: str, note: str = "", actor: User | None = None
) -> Return:
    """The buyer sends units back, by line id. Raises OrderRefused where more is named than was sent and is away."""
    order = lock_order(order_id=order_id)
    lines = {line.pk: line for line in order.lines.all()}
    if not set(quantities) <= set(lines):
        raise OrderRefused("That is not a line of this order.")
    for pk, units in quantities.items():
        if not 0 <= units <= lines[pk].returnable:
            raise OrderRefused(
                f"{units} is not possible: {lines[pk].returnable} of {lines[pk].title} were sent and not returned."
            )
    chosen = [(line, quantities[pk]) for pk, line in lines.items() if quantities.get(pk)]
    if not chosen:
        raise OrderRefused("Say how many units come back: at least one.")
    returned = Return.objects.create(
        order=order, position=order.returns.count() + 1, reason=reason, note=note[:500], created_by=actor
    )
    ReturnLine.objects.bulk_create(ReturnLine(returned=returned, line=line, quantity=units) for line, units in chosen)
    for line, units in chosen:
        line.returned += units
        line.save(update_fields=["returned"])
    _tell(returned, f"comes back: {_words(chosen)}, {returned.get_reason_display().lower()}. {note}", actor)
    return returned


@transaction.atomic
def receive(
    *, return_id: int, restock: Mapping[int, int] | None = None, note: str = "", actor: User | None = None
) -> Return:
    """The goods are here. ``restock`` says, by return line, how many go back to the shelf (without it: all).

    The others are written off: they stay sold. Raises OrderRefused.
    """
    returned = _locked(return_id, Return.State.REQUESTED)
    parts = list(returned.lines.select_related("line").prefetch_related("line__components"))
    wanted = {part.pk: part.quantity for part in parts} if restock is None else dict(restock)
    back: list[tuple[OrderLine, int]] = []
    for part in parts:
        part.restocked = wanted.get(part.pk, 0)
        if not 0 <= part.restocked <= part.quantity:
            raise OrderRefused(f"{part.quantity} of {part.line.title} came back, so {part.restocked} cannot be kept.")
        part.save(update_fields=["restocked"])
        part.line.restocked += part.restocked
        part.line.save(update_fields=["restocked"])
        if part.restocked:
            back.append((part.line, part.restocked))
    restocking.put_back(order=returned.order, units=back, reason="Returned", actor=actor)
    returned.state, returned.received_at = Return.State.RECEIVED, timezone.now()
    returned.save(update_fields=["state", "received_at"])
    lost = [(part.line, part.written_off) for part in parts if part.written_off]
    words = [f"{_words(back)} back on the shelf" if back else "", f"{_words(lost)} written off" if lost else "", note]
    _tell(returned, f"received: {'. '.join(word for word in words if word)}", actor)
    return returned


@transaction.atomic
def close(*, return_id: int, note: str = "", actor: User | None = None) -> Return:
    """Nothing more is to do about it. Raises OrderRefused unless it was received."""
    returned = _locked(return_id, Return.State.RECEIVED)
    returned.state, returned.closed_at = Return.State.CLOSED, timezone.now()
    returned.save(update_fields=["state", "closed_at"])
    _tell(returned, f"closed. {note}", actor)
    return returned


@transaction.atomic
def drop(*, return_id: int, note: str = "", actor: User | None = None) -> Return:
    """The goods never came: they count as sent, and may be announced again. Raises OrderRefused once received."""
    returned = _locked(return_id, Return.State.REQUESTED)
    for part in returned.lines.select_related("line"):
        part.line.returned -= part.quantity
        part.line.save(update_fields=["returned"])
    returned.state, returned.closed_at = Return.State.DROPPED, timezone.now()
    returned.save(update_fields=["state", "closed_at"])
    _tell(returned, f"never came. {note}", actor)
    return returned


def _locked(return_id: int, state: str) -> Return:
    """The return, with its order locked. Raises OrderRefused where it is in another state."""
    order: Order = lock_order(order_id=Return.objects.get(pk=return_id).order_id)
    returned = order.returns.get(pk=return_id)
    returned.order = order
    if returned.state != state:
        raise OrderRefused(f"{returned} is “{returned.get_state_display()}” by now.")
    return returned


def _words(chosen: list[tuple[OrderLine, int]]) -> str:
    return ", ".join(f"{units} × {line.sku}" for line, units in chosen)


def _tell(returned: Return, message: str, actor: User | None) -> None:
    record_event(
        order=returned.order, kind=OrderEvent.Kind.RETURN, message=f"{returned} {message}".strip(), actor=actor
    )
