"""Sending goods: in one parcel or several, undone where it was a mistake, and units that will not be sent at all.

Every function locks the order first; what a line can give is then read again, so that two members of staff who send
its last unit at the same moment cannot both succeed. The constraints on ``OrderLine`` are the backstop.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from shop.accounts.models import User
from shop.orders import restocking
from shop.orders.history import move, record_event
from shop.orders.letters import request_mail, withdraw_mail
from shop.orders.locks import lock_order
from shop.orders.models import Carrier, Fulfilment, FulfilmentLine, Order, OrderEvent, OrderLine, OrderMail
from shop.orders.statuses import FULFIL, REOPEN, OrderRefused, Status, TransitionRefused


@dataclass(frozen=True, slots=True)
class Parcel:
    """How goods travel: who carries them, and the number by which they can be followed. Both may be empty."""

    carrier: str = ""
    number: str = ""


@transaction.atomic
def send(
    *,
    order_id: int,
    quantities: Mapping[int, int] | None = None,
    parcel: Parcel | None = None,
    actor: User | None = None,
    note: str = "",
    tell: bool = True,
) -> Fulfilment | None:
    """Record that units have left: ``quantities`` by line id, or everything that is left.

    The buyer gets a letter about this shipment unless ``tell`` is off. The order is sent when its last unit is; where
    nothing has to be sent at all, it is sent without a shipment, and None is given. Raises OrderRefused.
    """
    order = lock_order(order_id=order_id)
    if order.status not in FULFIL.sources:
        raise TransitionRefused(number=order.number, status=order.status, transition=FULFIL)
    if order.held_at is not None:
        raise OrderRefused(f"Order {order.number} is held: look at why, and release it before it is sent.")
    lines = _lines(order)
    wanted = {pk: line.to_send for pk, line in lines.items()} if quantities is None else dict(quantities)
    chosen = _checked(lines, wanted, limit="to_send", complaint="only {left} of {title} are left to be sent")
    shipment = None
    if chosen:
        shipment = _store(order, chosen, parcel or Parcel(), actor)
        record_event(
            order=order,
            kind=OrderEvent.Kind.SHIPMENT,
            message=". ".join(part for part in (f"{shipment}: {_words(chosen)}", _route(shipment), note) if part),
            actor=actor,
        )
        if tell:
            request_mail(order=order, kind=OrderMail.Kind.SHIPPED, key=shipment.letter_key)
    elif any(line.to_send for line in lines.values()):
        raise OrderRefused("Say how many units are sent: at least one.")
    finish_if_sent(order=order, actor=actor, note=note)
    return shipment


def finish_if_sent(*, order: Order, actor: User | None = None, note: str = "") -> bool:
    """Close a paid order of which nothing is left to be sent, unless it is held; part of the caller's transaction."""
    if order.held_at is not None or any(line.to_send for line in order.lines.all()):
        return False
    done = move(order_id=order.pk, transition=FULFIL, actor=actor, note=note)
    done.closed_at = timezone.now()
    done.save(update_fields=["closed_at", "updated_at"])
    order.status, order.closed_at = done.status, done.closed_at
    return True


@transaction.atomic
def undo(*, fulfilment_id: int, actor: User | None = None, note: str = "") -> Fulfilment:
    """A shipment was recorded by mistake: its units are to be sent again. Its letter is stopped if it has not left.

    Raises OrderRefused where it was undone before, or where some of its units have come back.
    """
    order = lock_order(order_id=Fulfilment.objects.get(pk=fulfilment_id).order_id)
    shipment = order.fulfilments.get(pk=fulfilment_id)
    if shipment.cancelled_at is not None:
        raise OrderRefused(f"{shipment} has been undone already.")
    lines = _lines(order)
    for part in shipment.lines.all():
        line = lines[part.line_id]
        if line.returnable < part.quantity:
            raise OrderRefused(f"Some of {line.title} have come back as a return, so {shipment} did leave.")
        line.fulfilled -= part.quantity
        line.save(update_fields=["fulfilled"])
    shipment.cancelled_at = timezone.now()
    shipment.save(update_fields=["cancelled_at"])
    record_event(
        order=order,
        kind=OrderEvent.Kind.SHIPMENT,
        message=f"{shipment} was a mistake and does not count. {note}".strip(),
        actor=actor,
    )
    withdraw_mail(order=order, kind=OrderMail.Kind.SHIPPED, key=shipment.letter_key)
    if order.status == Status.FULFILLED:
        reopened = move(order_id=order.pk, transition=REOPEN, actor=actor)
        reopened.closed_at = None
        reopened.save(update_fields=["closed_at", "updated_at"])
    return shipment


@transaction.atomic
def withdraw(
    *, order_id: int, quantities: Mapping[int, int], restock: bool, actor: User | None = None, note: str = ""
) -> Order:
    """Units, by line id, will not be sent: they go back to the shelf, or are missing. Money is not moved here.

    Raises OrderRefused where more is named than is left to be sent, or where that would be the whole order: that is
    cancelled instead.
    """
    order = lock_order(order_id=order_id)
    if order.status not in FULFIL.sources:
        raise OrderRefused("Units can be taken off an order only while it is paid and not sent.")
    lines = _lines(order)
    chosen = _checked(lines, quantities, limit="to_send", complaint="only {left} of {title} are left to be sent")
    if not chosen:
        raise OrderRefused("Say how many units will not be sent: at least one.")
    for line, units in chosen:
        line.withdrawn += units
    if all(line.withdrawn == line.quantity for line in lines.values()):
        raise OrderRefused("Nothing would be left of the order. Cancel it instead.")
    for line, units in chosen:
        line.restocked += units if restock else 0
        line.save(update_fields=["withdrawn", "restocked"])
    if restock:
        restocking.put_back(order=order, units=chosen, reason="Not to be sent", actor=actor)
    place = "back on the shelf" if restock else "not on the shelf"
    record_event(
        order=order, kind=OrderEvent.Kind.WITHDRAWAL, message=f"{_words(chosen)}, {place}. {note}".strip(), actor=actor
    )
    finish_if_sent(order=order, actor=actor)
    return order


def _lines(order: Order) -> dict[int, OrderLine]:
    """The lines as they are under the order's lock."""
    return {line.pk: line for line in order.lines.prefetch_related("components")}


def _checked(
    lines: Mapping[int, OrderLine], wanted: Mapping[int, int], *, limit: str, complaint: str
) -> list[tuple[OrderLine, int]]:
    """Lines with the units that are asked of them, in the order of the lines; 0 is left out. Raises OrderRefused."""
    if not set(wanted) <= set(lines):
        raise OrderRefused("That is not a line of this order.")
    for pk, units in wanted.items():
        left = getattr(lines[pk], limit)
        if not 0 <= units <= left:
            raise OrderRefused(f"{units} is not possible: {complaint.format(left=left, title=lines[pk].title)}.")
    return [(line, wanted[pk]) for pk, line in lines.items() if wanted.get(pk)]


def _store(order: Order, chosen: list[tuple[OrderLine, int]], parcel: Parcel, actor: User | None) -> Fulfilment:
    carrier = Carrier.objects.filter(name=parcel.carrier).first() if parcel.carrier else None
    shipment = Fulfilment.objects.create(
        order=order,
        position=order.fulfilments.count() + 1,
        carrier=parcel.carrier,
        tracking_number=parcel.number,
        tracking_url=carrier.tracking_url(parcel.number) if carrier else "",
        created_by=actor,
    )
    FulfilmentLine.objects.bulk_create(
        FulfilmentLine(fulfilment=shipment, line=line, quantity=units) for line, units in chosen
    )
    for line, units in chosen:
        line.fulfilled += units
        line.save(update_fields=["fulfilled"])
    return shipment


def _words(chosen: list[tuple[OrderLine, int]]) -> str:
    """``2 × MUG, 1 × LAMP``."""
    return ", ".join(f"{units} × {line.sku}" for line, units in chosen)


def _route(shipment: Fulfilment) -> str:
    return " ".join(part for part in (shipment.carrier, shipment.tracking_number) if part)
