"""The cart's pages and fragments. Every change answers with a redirect, or to htmx with the part that changed."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import trigger_client_event

from shop.cart import holds, services
from shop.cart.contents import Cart
from shop.cart.forms import AddForm, SkuForm, UpdateForm
from shop.cart.guards import same_origin_post
from shop.cart.selectors import cart_items, get_cart
from shop.cart.services import CartError
from shop.catalog.related import cross_sell

COUNT_COOKIE = "cart_count"
NOTICE_KEY = "cart_notice"
SUCCESS, ERROR = "success", "error"


@never_cache
@require_safe
def detail(request: HttpRequest) -> HttpResponse:
    """The cart's own page."""
    level, message = read_notice(request)
    cart = get_cart(request.session)
    context = {
        "cart": cart,
        "message": message,
        "message_level": level,
        "offered": cross_sell(skus=list(cart.quantities)) if cart.lines else [],
    }
    return with_count(render(request, "pages/cart/cart_detail.html", context), cart)


@never_cache
@require_safe
def drawer(request: HttpRequest) -> HttpResponse:
    """What the drawer shows."""
    cart = get_cart(request.session)
    return with_count(render(request, "partials/cart/drawer.html", {"cart": cart}), cart)


@never_cache
@same_origin_post
def add(request: HttpRequest) -> HttpResponse:
    """Put something in."""
    form = AddForm(request.POST)
    if not form.is_valid():
        return answer_change(request, form.first_error, ERROR, template="partials/cart/drawer.html")
    level, message = SUCCESS, ""
    try:
        message = services.add(session=request.session, held=_held(request), **form.cleaned_data)
    except CartError as error:
        level, message = ERROR, str(error)
    return answer_change(request, message, level, template="partials/cart/drawer.html")


@never_cache
@same_origin_post
def update(request: HttpRequest) -> HttpResponse:
    """Change a quantity."""
    form = UpdateForm(request.POST)
    if not form.is_valid():
        return answer_change(request, form.first_error, ERROR)
    level, message = SUCCESS, ""
    try:
        message = services.set_quantity(session=request.session, held=_held(request), **form.cleaned_data)
    except CartError as error:
        level, message = ERROR, str(error)
    return answer_change(request, message, level)


@never_cache
@same_origin_post
def remove(request: HttpRequest) -> HttpResponse:
    """Take something out."""
    form = SkuForm(request.POST)
    if not form.is_valid():
        return answer_change(request, form.first_error, ERROR)
    return answer_change(request, services.remove(session=request.session, sku=form.cleaned_data["sku"]), SUCCESS)


def leave_notice(request: HttpRequest, message: str, level: str = ERROR) -> None:
    """Keep a message for the cart's page, which the visitor is sent to next."""
    request.session[NOTICE_KEY] = [level, message]


def read_notice(request: HttpRequest) -> tuple[str, str]:
    """The message that was kept, if any; it is shown once."""
    if NOTICE_KEY not in request.session:
        return SUCCESS, ""
    level, message = request.session.pop(NOTICE_KEY)
    return level, message


def with_count(response: HttpResponse, cart: Cart) -> HttpResponse:
    """Tell the browser how much is in the cart, in a cookie that scripts on cached pages can read."""
    _set_count(response, cart.count)
    return response


def tell_count(request: HttpRequest, response: HttpResponseBase) -> None:
    """After a login or logout the cart is another one."""
    _set_count(response, sum(cart_items(request.session).values()))


def _set_count(response: HttpResponseBase, count: int) -> None:
    if count:
        response.set_cookie(
            COUNT_COOKIE,
            str(count),
            max_age=settings.SESSION_COOKIE_AGE,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    else:
        response.delete_cookie(COUNT_COOKIE, samesite="Lax")


def _held(request: HttpRequest) -> dict[str, int]:
    return dict(holds.registry.held(request.session))


def answer_change(
    request: HttpRequest, message: str, level: str, template: str = "partials/cart/contents.html"
) -> HttpResponse:
    """What every change answers: the cart's page with the message, to htmx the part of it that changed."""
    cart = get_cart(request.session)
    if not getattr(request, "htmx", False):
        leave_notice(request, message, level)
        # 303: the browser fetches the cart, and reloading that page repeats nothing.
        return with_count(HttpResponse(status=303, headers={"Location": reverse("cart:detail")}), cart)
    context: dict[str, Any] = {
        "cart": cart,
        "message": message,
        "message_level": level,
        "layout": "page" if request.POST.get("layout") == "page" else "drawer",
    }
    return trigger_client_event(
        with_count(render(request, template, context), cart), "cart:changed", {"count": cart.count}
    )
