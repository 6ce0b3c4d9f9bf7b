"""The wishlist's page and its hearts. Every change answers with a redirect, to htmx with the heart or the list, and to
the hearts on cards with what became of it.

The shop's pages are the same for everyone: they show a heart that is empty, and the browser asks for the real one only
if its cookie says that there is a list.
"""

from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shop.cart.guards import same_origin_post
from shop.wishlist import services
from shop.wishlist.forms import WishForm
from shop.wishlist.selectors import wished_cards, wished_ids
from shop.wishlist.services import WishRefused

ResponseT = TypeVar("ResponseT", bound=HttpResponseBase)
COUNT_COOKIE = "wishlist_count"
NOTICE_KEY = "wishlist_notice"


@never_cache
@require_safe
def detail(request: HttpRequest) -> HttpResponse:
    """The list's own page."""
    message = request.session.pop(NOTICE_KEY, "") if NOTICE_KEY in request.session else ""
    return _page(request, "pages/wishlist/detail.html", message)


@never_cache
@require_safe
def ids(request: HttpRequest) -> HttpResponse:
    """What is on the list, for all the hearts of a page at once."""
    found = wished_ids(session=request.session, user=request.user)
    return _with_count(JsonResponse({"products": found}), len(found))


@never_cache
@require_safe
def heart(request: HttpRequest, product_id: int) -> HttpResponse:
    """One product's heart as it is for this visitor."""
    ids = wished_ids(session=request.session, user=request.user)
    return _heart(request, product_id, wished=product_id in ids, count=len(ids))


@never_cache
@same_origin_post
def add(request: HttpRequest) -> HttpResponse:
    """Put a product on the list."""
    return _change(request, services.add)


@never_cache
@same_origin_post
def remove(request: HttpRequest) -> HttpResponse:
    """Take a product off."""
    return _change(request, services.remove)


def tell_count(request: HttpRequest, response: HttpResponseBase) -> None:
    """After a login or logout the list is another one."""
    _with_count(response, len(wished_ids(session=request.session, user=request.user)))


def _change(request: HttpRequest, service: Any) -> HttpResponse:
    form = WishForm(request.POST)
    product_id = form.cleaned_data["product"] if form.is_valid() else 0
    try:
        message = service(session=request.session, user=request.user, product_id=product_id)
    except WishRefused as refused:
        message = str(refused)
    if request.POST.get("layout") == "card":
        known = wished_ids(session=request.session, user=request.user)
        return _with_count(JsonResponse({"wished": product_id in known, "message": message}), len(known))
    if not getattr(request, "htmx", False):
        request.session[NOTICE_KEY] = message
        count = len(wished_ids(session=request.session, user=request.user))
        # 303: the browser fetches the list, and reloading that page repeats nothing.
        return _with_count(HttpResponse(status=303, headers={"Location": reverse("wishlist:detail")}), count)
    if request.POST.get("layout") == "page":
        return _page(request, "partials/wishlist/contents.html", message)
    ids = wished_ids(session=request.session, user=request.user)
    return _heart(request, product_id, wished=product_id in ids, count=len(ids), message=message)


def _page(request: HttpRequest, template: str, message: str) -> HttpResponse:
    found = wished_cards(session=request.session, user=request.user)
    return _with_count(render(request, template, {"cards": found, "message": message}), len(found))


def _heart(request: HttpRequest, product_id: int, *, wished: bool, count: int, message: str = "") -> HttpResponse:
    context = {"product_id": product_id, "wished": wished, "message": message}
    return _with_count(render(request, "components/heart.html", context), count)


def _with_count(response: ResponseT, count: int) -> ResponseT:
    """Tell the browser how long the list is, in a cookie that scripts on cached pages can read."""
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
    response.headers["X-Robots-Tag"] = "noindex"
    return response
