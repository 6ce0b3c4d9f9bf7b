"""What a buyer sees of an order, behind a signed link."""

from typing import TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cms.limits import Limit, client_address
from shop.accounts.forms import PASSWORD_ADVICE
from shop.accounts.limits import too_many
from shop.accounts.privacy import ERASED_EMAIL
from shop.orders import downloads, services
from shop.orders.documents.content import render_invoice
from shop.orders.documents.responses import document_response
from shop.orders.links import LinkExpired, LinkInvalid, order_from_token
from shop.orders.models import Document, DocumentKind, Order, Return
from shop.orders.payment_source import registry
from shop.orders.statuses import Status

# A PDF takes about a fifth of a second of a processor: papers of one order, and from one address, in five minutes.
OF_ORDER = Limit("papers-order", 20, 300)
FROM_ADDRESS = Limit("papers-address", 40, 300)

ResponseT = TypeVar("ResponseT", bound=HttpResponseBase)


@never_cache
@require_safe
def confirmation(request: HttpRequest, token: str) -> HttpResponse:
    """The order's page; 410 for a link that is too old, 404 for one that is none."""
    try:
        order = order_from_token(token=token)
    except (LinkExpired, LinkInvalid) as problem:
        return _link_problem(request, token, problem)
    payment = registry.payment_of(order)
    documents = list(order.documents.all())
    context = {
        "order": order,
        "token": token,
        "lines": order.lines.prefetch_related("components"),
        "payment": payment,
        "instructions": payment.instructions if payment else None,
        "downloads": downloads.views_of(order=order),
        "shipments": order.fulfilments.filter(cancelled_at=None).prefetch_related("lines__line"),
        "returns": order.returns.exclude(state=Return.State.DROPPED).prefetch_related("lines__line"),
        "documents": documents,
        "refunds": payment.refunds if payment else (),
        "offers_account": _offers_account(request, order),
        "password_advice": PASSWORD_ADVICE,
    }
    return private(render(request, "pages/orders/confirmation.html", context))


def _offers_account(request: HttpRequest, order: Order) -> bool:
    """Whether a guest looks at a guest's order that stands. Whether the address has an account is not told."""
    guests = order.customer_id is None and order.email != ERASED_EMAIL and not request.user.is_authenticated
    return guests and order.status not in (Status.CANCELLED, Status.PAYMENT_FAILED)


@never_cache
@require_safe
def invoice(request: HttpRequest, token: str, document: int | None = None) -> HttpResponse:
    """The order's invoice, or one of its credit notes: a PDF or a page; 404 where there is none, 429 too often."""
    try:
        order = order_from_token(token=token)
    except (LinkExpired, LinkInvalid) as problem:
        return _link_problem(request, token, problem)
    if document is None:
        found = get_object_or_404(Document, order=order, kind=DocumentKind.INVOICE)
    else:
        found = get_object_or_404(Document, order=order, kind=DocumentKind.CREDIT_NOTE, pk=document)
    if not (OF_ORDER.allows(order.number) and FROM_ADDRESS.allows(client_address(request))):
        return private(too_many(request, minutes=OF_ORDER.minutes_left))
    return private(document_response(request, html=render_invoice(found), name=found.number))


def _link_problem(request: HttpRequest, token: str, problem: Exception) -> HttpResponse:
    expired = isinstance(problem, LinkExpired)
    context = {"expired": expired, "token": token} if expired else {"expired": False}
    return private(render(request, "pages/orders/link_problem.html", context, status=410 if expired else 404))


@never_cache
@require_POST
def renew(request: HttpRequest, token: str) -> HttpResponse:
    """Send a new link to the order's own address. It never says whether there is such an order."""
    try:
        order: Order | None = order_from_token(token=token, expired_too=True)
    except LinkInvalid:
        order = None
    if order:
        services.renew_link(order=order)
    return private(render(request, "pages/orders/link_problem.html", {"expired": True, "renewed": True}))


def private(response: ResponseT) -> ResponseT:
    """No search engine lists it, and no other site learns its address."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    # Not "no-referrer": browsers would send the page's own forms with "Origin: null", which the CSRF guard refuses.
    response.headers["Referrer-Policy"] = "same-origin"
    return response
