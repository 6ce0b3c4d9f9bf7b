"""What a buyer sees of an order, behind a signed link."""

from typing import TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shop.orders import downloads, services
from shop.orders.links import LinkExpired, LinkInvalid, order_from_token
from shop.orders.models import Order
from shop.orders.payment_source import registry

ResponseT = TypeVar("ResponseT", bound=HttpResponseBase)


@never_cache
@require_safe
def confirmation(request: HttpRequest, token: str) -> HttpResponse:
    """The order's page; 410 for a link that is too old, 404 for one that is none."""
    try:
        order = order_from_token(token=token)
    except LinkExpired:
        return private(render(request, "pages/orders/link_problem.html", {"expired": True, "token": token}, status=410))
    except LinkInvalid:
        return private(render(request, "pages/orders/link_problem.html", {"expired": False}, status=404))
    payment = registry.payment_of(order)
    context = {
        "order": order,
        "lines": order.lines.prefetch_related("components"),
        "payment": payment,
        "instructions": payment.instructions if payment else None,
        "downloads": downloads.views_of(order=order),
    }
    return private(render(request, "pages/orders/confirmation.html", context))


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
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
