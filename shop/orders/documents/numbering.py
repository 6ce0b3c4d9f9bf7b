"""Giving invoices and credit notes their numbers.

The law of many countries wants invoices numbered one after the other, without gaps; order numbers are random so that
they tell nobody how much the shop sells. So an invoice has a number of its own, given in the transaction that records
the payment: a payment that is rolled back takes its number back with it. The series' row is the last that is locked
there, so that payments wait for each other as briefly as possible.
"""

from typing import Any

from django.db import transaction

from cms.chrome import get_chrome
from cms.sites import default_site
from shop.orders.locks import lock_series
from shop.orders.models import Document, DocumentKind, DocumentSettings, Order

DIGITS = 6


@transaction.atomic
def issue_invoice(*, order: Order) -> Document:
    """The invoice of a paid order; asked twice it is the same one."""
    return _issue(order, DocumentKind.INVOICE, amount=order.total)


@transaction.atomic
def credit(
    *, order: Order, key: str, amount: int, reason: str = "", by_rate: dict[str, int] | None = None
) -> Document | None:
    """The credit note for money that went back, in minor units; asked twice with one key it is the same one.

    None where there is nothing to credit: no invoice, as money came only after the order was given up, or more than
    the invoice has left, as it was paid twice. ``by_rate`` says what of it was paid at which tax rate (basis points).
    The caller holds the order's lock.
    """
    known = order.documents.filter(kind=DocumentKind.CREDIT_NOTE)
    if (issued := known.filter(key=key).first()) is not None:
        return issued
    invoice = order.documents.filter(kind=DocumentKind.INVOICE).first()
    left = invoice.amount - sum(known.values_list("amount", flat=True)) if invoice else 0
    if not 1 <= amount <= left:
        return None
    return _issue(order, DocumentKind.CREDIT_NOTE, key=key, amount=amount, reason=reason, by_rate=by_rate)


def _issue(
    order: Order,
    kind: DocumentKind,
    *,
    amount: int,
    key: str = "",
    reason: str = "",
    by_rate: dict[str, int] | None = None,
) -> Document:
    issued = Document.objects.filter(order=order, kind=kind, key=key).first()
    if issued is not None:
        return issued
    settings = DocumentSettings.current()
    series = lock_series(kind=kind)
    sequence = series.last + 1 if series.last else settings.first_number
    series.last = sequence
    series.save(update_fields=["last"])
    prefix = settings.invoice_prefix if kind == DocumentKind.INVOICE else settings.credit_note_prefix
    return Document.objects.create(
        order=order,
        kind=kind,
        key=key,
        sequence=sequence,
        number=f"{prefix}{sequence:0{DIGITS}d}",
        amount=amount,
        reason=reason[:200],
        by_rate=by_rate,
        seller=seller(),
    )


def seller() -> dict[str, Any]:
    """Who sells, as it stands today."""
    chrome = get_chrome(default_site())
    return {
        "name": chrome.legal_name,
        "address": chrome.address_lines,
        "country": chrome.country,
        "email": chrome.email,
        "phone": chrome.phone,
    }
