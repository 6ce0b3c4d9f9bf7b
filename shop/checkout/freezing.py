"""From a cart to an order's draft: nothing on the order is computed from the catalogue again."""

from shop.cart.contents import DELIVERY, Cart, CartLine
from shop.cart.terms import CartTax, Taxed
from shop.money import BASIS_POINTS
from shop.orders.drafts import ComponentDraft, Contact, DeliveryDraft, DiscountDraft, LineDraft, OrderDraft, RateDraft
from shop.payments.providers.base import PaymentProvider


def draft_order(*, cart: Cart, contact: Contact, provider: PaymentProvider) -> OrderDraft:
    """Freeze a cart that has been priced: its lines, its way of delivery, its tax."""
    tax = cart.tax or CartTax(label="", lines={})
    return OrderDraft(
        contact=contact,
        currency=cart.currency,
        lines=tuple(_line(line, tax.lines.get(line.sku, Taxed(0, 0))) for line in cart.lines),
        delivery=_delivery(cart, tax),
        tax_label=tax.label,
        tax_registration=tax.registration,
        tax_note=tax.note,
        prices_include_tax=tax.prices_include_tax,
        payment_method=provider.code,
        payment_label=provider.label,
        discounts=tuple(
            DiscountDraft(each.code, each.label, each.lines, each.delivery, each.coupon) for each in cart.discounts
        ),
        origin=cart.buyer.origin,
    )


def _line(line: CartLine, taxed: Taxed) -> LineDraft:
    return LineDraft(
        sku=line.sku,
        title=line.title,
        options_label=line.options_label,
        unit_price=line.unit_price or 0,
        quantity=line.quantity,
        tax_rate=taxed.rate,
        tax=taxed.tax,
        discount=line.discount,
        tax_adjustment=taxed.adjustment,
        components=tuple(
            ComponentDraft(part.sku, part.title, part.options_label, part.quantity, part.digital) for part in line.parts
        ),
        digital=line.digital,
        note=line.note,
    )


def _delivery(cart: Cart, tax: CartTax) -> DeliveryDraft:
    chosen, adjustment = cart.delivery, cart.adjustment(DELIVERY)
    net, charged = sum(part.net for part in tax.delivery), sum(part.tax for part in tax.delivery)
    # Without a tax room nothing is known of rates: the charge itself is what is paid.
    paid = net + charged if tax.delivery else adjustment.amount if adjustment else 0
    return DeliveryDraft(
        label=chosen.label if chosen else adjustment.label if adjustment else "",
        amount=paid,
        tax_rate=_blended(tax, net, charged),
        tax=charged,
        code=chosen.code if chosen else "",
        estimate=chosen.estimate if chosen else "",
        place=chosen.place if chosen else "",
        taxes=tuple(RateDraft(part.rate, part.net, part.tax) for part in tax.delivery),
    )


def _blended(tax: CartTax, net: int, charged: int) -> int:
    """The one rate that several come to, half-up to a basis point."""
    if len(tax.delivery) == 1:
        return tax.delivery[0].rate
    return (charged * BASIS_POINTS * 2 + net) // (2 * net) if net else 0
