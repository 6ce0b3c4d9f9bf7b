"""Everything that writes an order: one function per transition, each locking, checking, acting, recording.

Sending goods is in ``fulfilment.py``, taking them back in ``returns.py``, promising letters in ``letters.py``.
"""

from django.db import transaction
from django.utils import timezone

from shop.accounts.models import User
from shop.inventory import services as inventory
from shop.orders import downloads, fulfilment, participants, restocking
from shop.orders.documents import numbering
from shop.orders.drafts import OrderDraft
from shop.orders.history import EVENT_MESSAGE_LENGTH, move, record_event
from shop.orders.letters import renew_link, request_mail, resend_mail
from shop.orders.locks import keep_customer, lock_order
from shop.orders.models import Order, OrderDiscount, OrderEvent, OrderLine, OrderLineComponent, OrderTax
from shop.orders.statuses import CANCEL, FAIL_PAYMENT, PAY, OrderRefused, StockState

__all__ = [
    "EVENT_MESSAGE_LENGTH",
    "can_cancel",
    "cancel",
    "create_order",
    "fulfil",
    "mark_paid",
    "mark_payment_failed",
    "record_event",
    "renew_link",
    "request_mail",
    "resend_mail",
]


def create_order(*, draft: OrderDraft, customer: User | None = None) -> Order:
    """Reserve the stock and store the order, all or nothing, as part of the caller's transaction.

    Raises OutOfStock, which names each SKU that falls short, and PlacementRefused of whoever takes part or where the
    customer's account is gone.
    """
    if not draft.lines:
        raise ValueError("An order needs at least one line.")
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("create_order must run inside the caller's transaction.")
    keep_customer(customer)
    order = _store(draft, customer)
    record_event(order=order, kind=OrderEvent.Kind.PLACED, to_status=order.status, actor=customer)
    participants.registry.placed(order, draft)
    # Last, so that the rows that other buyers wait for are held as briefly as possible.
    inventory.reserve(order.stock_quantities)
    return order


@transaction.atomic
def mark_paid(*, order_id: int, actor: User | None = None, note: str = "") -> Order:
    """The money is here: the reserved units are sold, downloads are granted, the invoice gets its number.

    Downloads of an order that is held wait for its release. An order of downloads alone has nothing to send, so it is
    sent as well. Raises TransitionRefused.
    """
    order = move(order_id=order_id, transition=PAY, actor=actor, note=note)
    order.paid_at = timezone.now()
    order.stock_state = StockState.SOLD
    order.save()
    inventory.commit_sale(order.stock_quantities, order.number)
    if order.held_at is None:
        downloads.grant(order=order)
        fulfilment.finish_if_sent(order=order, note="Nothing has to be sent: it is all downloads.")
    numbering.issue_invoice(order=order)  # last: its series is the row that all payments wait for
    return order


@transaction.atomic
def mark_payment_failed(*, order_id: int, actor: User | None = None, note: str = "") -> Order:
    """The buyer could not or would not pay: the stock goes back. Raises TransitionRefused."""
    order = move(order_id=order_id, transition=FAIL_PAYMENT, actor=actor, note=note)
    _close(order)
    _give_stock_back(order, actor=actor)
    return order


@transaction.atomic
def cancel(*, order_id: int, actor: User | None = None, note: str = "") -> Order:
    """Give the order up before anything is sent: the stock goes back. Raises OrderRefused, TransitionRefused with it.

    What was paid is given back by the room that keeps payments, which calls this.
    """
    if OrderLine.objects.filter(order=lock_order(order_id=order_id), fulfilled__gt=0).exists():
        raise OrderRefused(
            "A part of this order has been sent, so it cannot be cancelled. Take off what is left instead."
        )
    order = move(order_id=order_id, transition=CANCEL, actor=actor, note=note)
    _close(order)
    _give_stock_back(order, actor=actor)
    return order


@transaction.atomic
def fulfil(*, order_id: int, actor: User | None = None, note: str = "") -> Order:
    """Everything that is left of the goods has gone, in one shipment. Raises TransitionRefused."""
    fulfilment.send(order_id=order_id, actor=actor, note=note)
    return Order.objects.get(pk=order_id)


def can_cancel(order: Order) -> bool:
    """Whether ``cancel`` would be possible now."""
    return order.status in CANCEL.sources and not any(line.fulfilled for line in order.lines.all())


def _store(draft: OrderDraft, customer: User | None) -> Order:
    """The rows of an order, as the draft says."""
    order = Order.objects.create(
        customer=customer,
        email=draft.contact.email,
        name=draft.contact.name,
        company=draft.contact.company,
        phone=draft.contact.phone,
        address_line_1=draft.contact.address_line_1,
        address_line_2=draft.contact.address_line_2,
        city=draft.contact.city,
        region=draft.contact.region,
        postcode=draft.contact.postcode,
        country=draft.contact.country,
        currency=draft.currency,
        subtotal=draft.subtotal,
        discount_total=draft.discount_total,
        shipping_label=draft.delivery.label,
        shipping_total=draft.delivery.amount,
        shipping_tax_rate=draft.delivery.tax_rate,
        shipping_tax=draft.delivery.tax,
        delivery_code=draft.delivery.code,
        delivery_estimate=draft.delivery.estimate,
        collection_place=draft.delivery.place,
        tax_number=draft.contact.tax_number,
        tax_note=draft.tax_note,
        prices_include_tax=draft.prices_include_tax,
        tax_adjustment=draft.tax_adjustment,
        tax_label=draft.tax_label,
        tax_registration=draft.tax_registration,
        tax_total=draft.tax_total,
        total=draft.total,
        payment_method=draft.payment_method,
        payment_label=draft.payment_label,
    )
    lines = OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            position=position,
            sku=line.sku,
            title=line.title,
            options_label=line.options_label,
            unit_price=line.unit_price,
            quantity=line.quantity,
            discount=line.discount,
            tax_adjustment=line.tax_adjustment,
            line_total=line.line_total,
            tax_rate=line.tax_rate,
            tax=line.tax,
            digital=line.digital,
            note=line.note,
        )
        for position, line in enumerate(draft.lines)
    )
    OrderTax.objects.bulk_create(
        OrderTax(order=order, rate=part.rate, net=part.net, tax=part.tax) for part in draft.taxes
    )
    OrderLineComponent.objects.bulk_create(
        OrderLineComponent(
            line=stored,
            position=position,
            sku=part.sku,
            title=part.title,
            options_label=part.options_label,
            quantity=part.quantity * line.quantity,
            digital=part.digital,
        )
        for stored, line in zip(lines, draft.lines, strict=True)
        for position, part in enumerate(line.components)
    )
    OrderDiscount.objects.bulk_create(
        OrderDiscount(
            order=order,
            position=position,
            code=discount.code,
            label=discount.label,
            coupon=discount.coupon,
            amount=discount.amount,
            delivery=discount.delivery,
            lines=dict(discount.lines),
        )
        for position, discount in enumerate(draft.discounts)
    )
    return order


def _close(order: Order) -> None:
    order.closed_at = timezone.now()
    order.save(update_fields=["closed_at", "updated_at"])


def _give_stock_back(order: Order, *, actor: User | None) -> None:
    """Reserved units become sellable again; sold ones return to the shelf, each with a line in the ledger.

    Whoever took part in the order hears of it first: locks are taken in the order in which placing takes them.
    """
    participants.registry.released(order)
    state, order.stock_state = order.stock_state, StockState.RELEASED
    order.save(update_fields=["stock_state", "updated_at"])
    if state == StockState.RESERVED:
        inventory.release(order.stock_quantities)
    elif state == StockState.SOLD:
        lines = list(order.lines.prefetch_related("components"))
        # Of what was taken off the order before, its own entry says whether it went back.
        back = [(line, line.quantity - line.withdrawn) for line in lines]
        for line, units in back:
            line.withdrawn += units
            line.restocked += units
            line.save(update_fields=["withdrawn", "restocked"])
        restocking.put_back(order=order, units=back, reason="Order cancelled", actor=actor)
