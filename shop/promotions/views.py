"""Coupon codes of the visitor. Every change answers with a redirect, or to htmx with the cart."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from shop.cart.guards import same_origin_post
from shop.cart.selectors import get_cart
from shop.cart.views import ERROR, SUCCESS, answer_change
from shop.money import format_money
from shop.promotions import coupons, limits
from shop.promotions.coupons import CouponError

WARNING = "warning"
TOO_MANY = "You have tried many codes. Please try again in {} minute{}."


@never_cache
@same_origin_post
def enter(request: HttpRequest) -> HttpResponse:
    """Use a code."""
    level, message = enter_code(request, request.POST.get("coupon", ""))
    return answer_change(request, message, level)


def enter_code(request: HttpRequest, typed: str) -> tuple[str, str]:
    """Take a code for the visitor's cart; gives a level and what it does there, or why it does nothing."""
    if minutes := limits.wait(request):
        return ERROR, TOO_MANY.format(minutes, "" if minutes == 1 else "s")
    try:
        code = coupons.enter(session=request.session, typed=typed)
    except CouponError as error:
        return ERROR, str(error)
    limits.forgive(request)
    cart = get_cart(request.session)
    saved = sum(discount.amount for discount in cart.discounts if discount.coupon == code)
    if saved:
        return SUCCESS, f"{code} saves you {format_money(saved, cart.currency)}."
    why = next((hint.message for hint in cart.hints if hint.coupon == code), "")
    return WARNING, f"We have noted your code. {why}".strip()


@never_cache
@same_origin_post
def remove(request: HttpRequest) -> HttpResponse:
    """Use a code no longer."""
    coupons.remove(session=request.session, typed=request.POST.get("coupon", ""))
    return answer_change(request, "The code is removed.", SUCCESS)
