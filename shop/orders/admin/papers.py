"""An order's papers for staff."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from shop.orders.admin.pages import OrderPage
from shop.orders.documents.content import render_invoice, render_slips
from shop.orders.documents.responses import document_response
from shop.orders.models import Document, DocumentKind, Fulfilment


class InvoiceView(OrderPage):
    """The invoice; 404 for an order that was never paid."""

    def load(self, **kwargs: Any) -> None:
        self.document = get_object_or_404(Document, order=self.order, kind=DocumentKind.INVOICE)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return document_response(request, html=render_invoice(self.document), name=self.document.number)


class CreditNoteView(InvoiceView):
    """A credit note of the order."""

    def load(self, **kwargs: Any) -> None:
        notes = self.order.documents.filter(kind=DocumentKind.CREDIT_NOTE)
        self.document = get_object_or_404(notes, pk=kwargs["document"])


class SlipView(OrderPage):
    """The packing slip of what is left, or of one shipment."""

    right = "fulfil"

    def load(self, **kwargs: Any) -> None:
        pk = kwargs.get("shipment")
        self.shipment = get_object_or_404(Fulfilment, pk=pk, order=self.order) if pk else None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        html = render_slips([self.order], shipment=self.shipment)
        return document_response(request, html=html, name=f"slip-{self.order.number}")
