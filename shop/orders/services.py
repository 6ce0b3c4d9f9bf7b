"""Everything that writes an order: one function per transition, each locking, checking, acting, recording."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from shop.accounts.models import User
from shop.inventory import services as inventory
from shop.inventory.locks import lock_items
from shop.orders import downloads, mail, participants
from shop.orders.drafts import OrderDraft
from shop.orders.locks import lock_order
from shop.orders.models import Order, OrderDiscount, OrderEvent, OrderLine, OrderLineComponent, OrderMail, OrderTax
from shop.orders.statuses import CANCEL, FAIL_PAYMENT, FULFIL, PAY, StockState, Transition, TransitionRefused

EVENT_MESSAGE_LENGTH = 500
LINK_RENEWAL_PAUSE = timedelta(minutes=10)


def create_order(*, draft: OrderDraft, customer: User | None = None) -> Order:
    """Reserve the stock and store the order, all or nothing, as part of the caller's transaction.

    Raises OutOfStock, which names each SKU that falls short, and PlacementRefused of whoever takes part.
    """
    if not draft.lines:
        raise ValueError("An order needs at least one line.")
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("create_order must run inside the caller's transaction.")
    order = _store(draft, customer)
    record_event(order=order, kind=OrderEvent.Kind.PLACED, to_status=order.status, actor=customer)
    participants.registry.placed(order, draft)
    # Last, so that the rows that other buyers wait for are held as briefly as possible.
    inventory.reserve(order.stock_quantities)
    return order


@transaction.atomic
def mark_paid(*, order_id: int, actor: User | None = None, note: str = "") -> Order:
    """The money is here: the reserved units are sold, downloads are granted. Raises TransitionRefused."""
    order = _move(order_id=order_id, transition=PAY, actor=actor, note=note)
    order.paid_at = timezone.now()
    order.stock_state = StockState.SOLD
    order.save()
    inventory.commit_sale(order.stock_quantities, order.number)
    downloads.grant(order=order)
    return order


@transaction.atomic
def mark_payment_failed(*, order_id: int, actor: User | None = None, note: str = "") -> Order:
    """The buyer could not or would not pay: the stock goes back. Raises TransitionRefused."""
    order = _move(order_id=order_id, transition=FAIL_PAYMENT, actor=actor, note=note)
    _close(order)
    _give_stock_back(order, actor=actor)
    return order


@transaction.atomic
def cancel(*, order_id: int, actor: User | None = None, note: str = "") -> Order:
    """Give the order up before it is sent: the stock goes back. Raises TransitionRefused.

    What was paid is given back by the room that keeps payments, which calls this.
    """
    order = _move(order_id=order_id, transition=CANCEL, actor=actor, note=note)
    _close(order)
    _give_stock_back(order, actor=actor)
    return order


@transaction.atomic
def fulfil(*, order_id: int, actor: User | None = None, note: str = "") -> Order:
    """The goods have left. Raises TransitionRefused."""
    order = _move(order_id=order_id, transition=FULFIL, actor=actor, note=note)
    _close(order)
    return order


def record_event(
    *,
    order: Order,
    kind: str,
    message: str = "",
    from_status: str = "",
    to_status: str = "",
    actor: User | None = None,
) -> OrderEvent:
    """Add an entry to the order's history; a message that is too long is cut."""
    return OrderEvent.objects.create(
        order=order,
        kind=kind,
        from_status=from_status,
        to_status=to_status,
        message=message[:EVENT_MESSAGE_LENGTH],
        actor=actor,
    )


@transaction.atomic
def request_mail(*, order: Order, kind: str) -> OrderMail:
    """Promise the buyer a letter; it is sent after the transaction. Promising the same letter twice sends it once."""
    letter, created = OrderMail.objects.get_or_create(order=order, kind=kind)
    if created:
        mail.send_after_commit(letter)
    return letter


@transaction.atomic
def resend_mail(*, order: Order, kind: str, actor: User | None = None) -> OrderMail:
    """Send a letter again, or for the first time."""
    letter, _ = OrderMail.objects.get_or_create(order=order, kind=kind)
    OrderMail.objects.filter(pk=letter.pk).update(sent_at=None, claimed_at=None, attempts=0, last_error="")
    record_event(
        order=order, kind=OrderEvent.Kind.MAIL, message=f"{letter.get_kind_display()}: to be sent again", actor=actor
    )
    mail.send_after_commit(letter)
    return letter


@transaction.atomic
def renew_link(*, order: Order) -> bool:
    """Send the buyer a fresh link to the order, by repeating its confirmation; not more often than every few minutes.

    Gives whether a letter was promised.
    """
    # Of many requests at once the first one sends, and the others see that it has.
    lock_order(order_id=order.pk)
    recently = timezone.now() - LINK_RENEWAL_PAUSE
    if order.events.filter(kind=OrderEvent.Kind.MAIL, created_at__gt=recently).exists():
        return False
    resend_mail(order=order, kind=OrderMail.Kind.CONFIRMATION)
    return True


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


def _move(*, order_id: int, transition: Transition, actor: User | None, note: str) -> Order:
    order = lock_order(order_id=order_id)
    if order.status not in transition.sources:
        raise TransitionRefused(number=order.number, status=order.status, transition=transition)
    source, order.status = order.status, transition.target
    order.save(update_fields=["status", "updated_at"])
    record_event(
        order=order,
        kind=OrderEvent.Kind(transition.name),
        message=note,
        from_status=source,
        to_status=order.status,
        actor=actor,
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
        quantities = order.stock_quantities
        # All at once and in the one order, before the first row changes: see ``inventory.locks``.
        lock_items(quantities)
        for sku, quantity in sorted(quantities.items()):
            inventory.adjust(
                sku=sku,
                quantity=quantity,
                kind=inventory.Kind.RETURN,
                reason="Order cancelled",
                reference=order.number,
                user=actor,
            )
