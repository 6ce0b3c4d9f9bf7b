"""What stands on an invoice, a credit note and a packing slip: plain values out of the order's own rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from cms.chrome import get_chrome
from cms.sites import default_site
from shop.money import included_tax, spread
from shop.orders.documents.numbering import seller
from shop.orders.models import Document, DocumentKind, DocumentSettings, Fulfilment, Order, OrderLine
from shop.orders.postal import country_name
from shop.orders.selectors import tax_summary


@dataclass(frozen=True, slots=True)
class RateRow:
    """What is inside a document at one rate (basis points): without tax, the tax, and both. Minor units."""

    rate: int
    net: int
    tax: int

    @property
    def gross(self) -> int:
        """With tax."""
        return self.net + self.tax


@dataclass(frozen=True, slots=True)
class SlipRow:
    """A line of a packing slip: units in this parcel, of how many."""

    line: OrderLine
    quantity: int

    @property
    def parts(self) -> list[tuple[int, Any]]:
        """What a bundle consists of, with the units in this parcel; downloads are not packed."""
        return [
            (part.quantity // self.line.quantity * self.quantity, part)
            for part in self.line.components.all()
            if not part.digital
        ]


def rates_of(order: Order, amount: int | None = None, by_rate: Mapping[str, int] | None = None) -> list[RateRow]:
    """The order's sums by tax rate, or those of a part of it: as ``by_rate`` says, else in proportion.

    The rows' gross sums add up to ``amount`` exactly; the tax inside a part is rounded once per rate, half-up.
    """
    rows = [RateRow(row.rate, row.net, row.tax) for row in tax_summary(order)]
    if amount is None or amount == order.total or not any(row.gross for row in rows):
        return rows
    if by_rate:
        shares = sorted(((int(rate), part) for rate, part in by_rate.items() if part), reverse=True)
        return [RateRow(rate, part - (tax := included_tax(part, rate)), tax) for rate, part in shares]
    parts = spread(amount, [row.gross for row in rows])
    taxes = [included_tax(part, row.rate) if row.tax else 0 for row, part in zip(rows, parts, strict=True)]
    return [RateRow(row.rate, part - tax, tax) for row, part, tax in zip(rows, parts, taxes, strict=True) if part]


def invoice_context(document: Document) -> dict[str, Any]:
    """Everything that the invoice's, or the credit note's, template shows."""
    order = document.order
    is_credit = document.kind == DocumentKind.CREDIT_NOTE
    settings = DocumentSettings.current()
    rates = rates_of(order, document.amount, document.by_rate) if is_credit else rates_of(order)
    return {
        "document": document,
        "order": order,
        "is_credit": is_credit,
        "invoice": order.documents.filter(kind=DocumentKind.INVOICE).first(),
        "lines": [] if is_credit else list(order.lines.prefetch_related("components")),
        "rates": rates,
        "delivery_rate": order.shipping_tax_rate if any(row.rate == order.shipping_tax_rate for row in rates) else None,
        "seller": document.seller or seller(),
        "seller_country": country_name((document.seller or seller()).get("country", "")),
        "buyer_country": country_name(order.country),
        "note": settings.invoice_note,
        "shop": get_chrome(default_site()),
    }


def render_invoice(document: Document) -> str:
    """The document as a page of HTML that stands alone."""
    return render_to_string("orders/documents/invoice.html", invoice_context(document))


def render_slips(orders: Iterable[Order], *, shipment: Fulfilment | None = None) -> str:
    """A page per order, in one HTML document: of what is left to be sent, or of one shipment."""
    slips = [{"order": order, "rows": slip_rows(order, shipment), "shipment": shipment} for order in orders]
    context = {
        "slips": slips,
        "seller": seller(),
        "note": DocumentSettings.current().slip_note,
        "shop": get_chrome(default_site()),
    }
    return render_to_string("orders/documents/packing_slip.html", context)


def slip_rows(order: Order, shipment: Fulfilment | None = None) -> list[SlipRow]:
    """What to pack: the units of a shipment, else what is left; of an order that is sent all of it, once more."""
    if shipment is not None:
        parts = shipment.lines.select_related("line").prefetch_related("line__components")
        return [SlipRow(part.line, part.quantity) for part in parts]
    lines = [line for line in order.lines.prefetch_related("components") if not line.digital]
    left = [SlipRow(line, line.to_send) for line in lines if line.to_send]
    return left or [SlipRow(line, line.fulfilled) for line in lines if line.fulfilled]
